package dev.procpool.scheduler;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens in whatever order, each item ends once and no worker waits for nothing. */
class SchedulerRandomTest {

  private static final int SEEDS_EACH = 100;

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4})
  void everyItemEndsOnce(long hundred) {
    for (long seed = hundred * SEEDS_EACH; seed < (hundred + 1) * SEEDS_EACH; seed++) {
      Simulation simulation = new Simulation(seed);
      try {
        simulation.run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + " at " + simulation.now() + " ns: " + e, e);
      }
    }
  }
}
