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

  private static final int MOST_RUNS = 5;

  @Test
  void aNewSeedShowsNoFault() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/flock")), "there is no flock here");
    SplittableRandom seeds = new SplittableRandom();
    int hostile = 0;
    int honest = 0;
    for (int i = 0; i < MOST_RUNS && honest == 0; i++) { // by chance a short one has none
      long seed = seeds.nextLong();
      HostileRun run =
          new HostileRun(seed, Duration.ofSeconds(5), Duration.ofSeconds(3), System.out);
      assertThat(run.run()).as("faults of the hostile run with seed %d", seed).isEmpty();
      hostile += run.hostileStarts();
      honest += run.count("Success");
    }
    assertThat(hostile).as("hostile workers").isPositive();
    assertThat(honest).as("items of honest workers").isPositive();
  }
}
