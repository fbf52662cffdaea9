package dev.procpool.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import dev.procpool.testkit.FileLatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short chaos runs; {@link ChaosRun} as a program does long ones. */
class ChaosRunTest {

  private static final int ITEMS = 60;

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

  @Test
  void aWorkerStoppedInItsInitializerIsReplaced(@TempDir Path directory) throws Exception {
    FileLatch stoppedOnce = new FileLatch(directory.resolve("stopped"));
    Pool pool =
        ProcessPool.builder()
            .workers(1)
            .freezeLimit(Duration.ofSeconds(2))
            .initializer(
                () -> {
                  if (!stoppedOnce.isOpen()) {
                    stoppedOnce.countDown();
                    Signal.send("STOP", ProcessHandle.current().pid());
                    TimeUnit.DAYS.sleep(1); // the signal may take a moment
                  }
                })
            .build();
    try {
      AsyncResult<Integer> result = pool.applyAsync(() -> 1);
      assertThat(result.await(Duration.ofSeconds(40))).isTrue();
      assertThat(result.get()).isEqualTo(1);
    } finally {
      pool.terminate();
    }
  }
}
