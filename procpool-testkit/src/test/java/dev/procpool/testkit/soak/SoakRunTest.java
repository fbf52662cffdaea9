package dev.procpool.testkit.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.testkit.ProcessFigures;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A short soak, and that growth would be found. */
class SoakRunTest {

  private static final ProcessFigures BEFORE = new ProcessFigures(10 << 20, 100 << 20, 50, 20, 2);

  @Test
  void mixedWorkGoesWell() throws Exception {
    long seed = new SplittableRandom().nextLong();
    Duration time = Duration.ofSeconds(8); // too short to tell of growth, as a JVM is still warming
    assertThat(new SoakRun(seed, time, time.dividedBy(2), System.out).run())
        .as("seed %d", seed)
        .isEmpty();
  }

  @Test
  void growthIsFound() {
    assertThat(Growth.between(BEFORE, BEFORE)).isEmpty();
    assertGrown(new ProcessFigures(40 << 20, 100 << 20, 50, 20, 2), "the heap");
    assertGrown(new ProcessFigures(10 << 20, 200 << 20, 50, 20, 2), "resident memory");
    assertGrown(new ProcessFigures(10 << 20, 100 << 20, 90, 20, 2), "descriptors");
    assertGrown(new ProcessFigures(10 << 20, 100 << 20, 50, 60, 2), "threads");
  }

  private static void assertGrown(ProcessFigures after, String what) {
    List<String> grown = Growth.between(BEFORE, after);
    assertThat(grown).hasSize(1);
    assertThat(grown.get(0)).startsWith(what);
  }
}
