package dev.procpool.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A short chaos run; {@link ChaosRun} as a program does a long one. */
class ChaosRunTest {

  private static final int ITEMS = 150;

  @Test
  void aFixedSeedShowsNoFault() throws Exception {
    assertNoFault(1);
  }

  @Test
  void aNewSeedShowsNoFault() throws Exception {
    assertNoFault(new SplittableRandom().nextLong());
  }

  private static void assertNoFault(long seed) throws Exception {
    assertThat(new ChaosRun(seed, ITEMS, Duration.ofMinutes(1), System.out).run())
        .as("faults of the chaos run with seed %d", seed)
        .isEmpty();
  }
}
