package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Pool;
import dev.procpool.PoolTerminatedException;
import dev.procpool.TaskOptions;
import dev.procpool.TaskTimeoutException;
import dev.procpool.WorkerInfo;
import dev.procpool.WorkerLostException;
import dev.procpool.local.ProcessPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where callers spin they do the engine's work; what is promised stays the same. */
class SpinWaitTest extends ProcessPoolTest {

  private static final int THREADS = 4;
  private static final int CALLS = 100;

  private Pool spinning(int workers) {
    return built(
        ProcessPool.builder()
            .workers(workers)
            .spinWait(Duration.ofMillis(5))
            .gracePeriod(Duration.ofMillis(100)));
  }

  @Test
  void callsOfSeveralThreadsKeepTheirResultsApart() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(THREADS);
    Pool pool = spinning(2);
    try {
      List<Future<?>> calls = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int first = thread * CALLS;
        calls.add(callers.submit(() -> callAll(pool, first)));
      }
      List<Integer> many = IntStream.range(0, 20_000).boxed().toList();
      assertThat(pool.map(x -> x + 1, many)).hasSize(many.size()).startsWith(1).endsWith(20_000);
      for (Future<?> call : calls) {
        call.get();
      }
    } finally {
      callers.shutdown();
    }
  }

  private static int call(Pool pool, int x) throws Exception {
    Integer next = pool.apply(y -> y + 1, x);
    return next;
  }

  private static Void callAll(Pool pool, int first) throws Exception {
    for (int i = first; i < first + CALLS; i++) {
      assertThat(call(pool, i)).isEqualTo(i + 1);
    }
    return null;
  }

  @Test
  void aWorkerThatDiesOrHangsIsReplaced() throws Exception {
    Pool pool = spinning(1);
    Pool limited = pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(200)));
    for (int round = 0; round < 2; round++) {
      assertThatThrownBy(() -> pool.apply(() -> exit()))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(WorkerLostException.class);
      assertThatThrownBy(() -> limited.apply(() -> hang()))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(TaskTimeoutException.class);
      assertThat(call(pool, round)).isEqualTo(round + 1);
    }
  }

  private static int exit() {
    Runtime.getRuntime().halt(3);
    return 0;
  }

  @SuppressWarnings("InfiniteLoopStatement") // what a time limit is for
  private static int hang() {
    while (true) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aCallerThatHelpsCanBeInterrupted() throws Exception {
    Pool pool = spinning(1);
    assertThat(call(pool, 1)).isEqualTo(2);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> pool.apply(x -> x + 1, 1)).isInstanceOf(InterruptedException.class);
    assertThat(call(pool, 2)).isEqualTo(3);
  }

  @Test
  void terminateEndsTheWaitOfACallerThatHelps() throws Exception {
    Pool pool = spinning(1);
    Background<Integer> call = Background.of(() -> pool.apply(() -> hang()));
    while (pool.workers().stream().noneMatch(worker -> worker.state() == WorkerInfo.State.BUSY)) {
      Thread.onSpinWait();
    }
    pool.terminate();
    assertThat(call.failure()).hasRootCauseInstanceOf(PoolTerminatedException.class);
  }
}
