package dev.procpool.testkit.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.testkit.NoLeftovers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A short hostile run; {@link HostileRun} as a program does long ones. */
@ExtendWith(NoLeftovers.class)
class HostileRunTest {

  @Test
  void aNewSeedShowsNoFault() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/flock")), "there is no flock here");
    long seed = new SplittableRandom().nextLong();
    HostileRun run = new HostileRun(seed, Duration.ofSeconds(5), Duration.ofSeconds(3), System.out);
    assertThat(run.run()).as("faults of the hostile run with seed %d", seed).isEmpty();
    assertThat(run.hostileStarts()).as("hostile workers").isPositive();
    assertThat(run.count("Success")).as("items of honest workers").isPositive();
  }
}
