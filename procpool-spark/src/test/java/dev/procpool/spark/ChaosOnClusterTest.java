package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.testkit.chaos.ChaosRun;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short chaos run on a cluster; {@link ChaosOnCluster} as a program does long ones. */
@Tag("own-cluster")
@Timeout(value = 10, unit = TimeUnit.MINUTES) // a minute, where nobody else wants the machine
class ChaosOnClusterTest {

  private static final int ITEMS = 300;

  @Test
  void aNewSeedShowsNoFault(@TempDir Path folder) throws Exception {
    SharedCluster.stopContext(); // a JVM has one at most
    long seed = new SplittableRandom().nextLong();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    try (ChaosOnCluster site = new ChaosOnCluster(folder.resolve("cluster"), seed)) {
      assertThat(new ChaosRun(seed, ITEMS, Duration.ofMinutes(1), out, site, () -> {}).run())
          .as("faults of the chaos run with seed %d", seed)
          .isEmpty();
    } finally {
      System.out.println(printed);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .as("what was done from outside")
        .contains("executor");
  }
}
