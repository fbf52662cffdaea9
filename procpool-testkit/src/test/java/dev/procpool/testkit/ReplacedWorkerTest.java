package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerEnd;
import dev.procpool.inline.InlinePool;
import dev.procpool.local.ProcessPool;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tasks that ask for another process in place of theirs. */
class ReplacedWorkerTest extends ProcessPoolTest {

  private static long pidThenReplaced(boolean isLast) {
    if (isLast) {
      WorkerContext.current().replaceWorker();
    }
    return ProcessHandle.current().pid();
  }

  /** Why workers have ended, and how many. */
  private static Map<WorkerEnd, Long> ends(Pool pool) {
    Map<WorkerEnd, Long> ends = new EnumMap<>(pool.stats().totals().workerEnds());
    ends.values().removeIf(count -> count == 0);
    return ends;
  }

  @Test
  void theProcessRunsNoItemAfterTheOneThatAskedAndEndsInOrder() throws Exception {
    FileLog ended = log("ended");
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .restartIntensity(1, Duration.ofMinutes(5)) // it does not count as a failure
                .finalizer(() -> ended.add(ProcessHandle.current().pid())));
    MapResult<Long> result =
        pool.with(TaskOptions.defaults().chunkSize(10))
            .mapAsync(x -> pidThenReplaced(x % 3 == 2), IntStream.range(0, 10).boxed().toList());
    List<Long> pids = result.get();
    assertThat(result.outcomes()).allMatch(outcome -> outcome.attempts() == 1);
    for (int i = 1; i < 10; i++) {
      if (i % 3 == 0) {
        assertThat(pids.get(i)).as("item %s", i).isNotEqualTo(pids.get(i - 1));
      } else {
        assertThat(pids.get(i)).as("item %s", i).isEqualTo(pids.get(i - 1));
      }
    }
    pool.close();
    assertThat(ended.lines())
        .as("what their finalizers say")
        .containsExactlyInAnyOrderElementsOf(
            pids.stream().distinct().map(String::valueOf).toList());
    assertThat(ends(pool)).isEqualTo(Map.of(WorkerEnd.STOPPED, 4L));
  }

  @Test
  void whatItHoldsGoesToOthersWhileTheItemThatAskedStillRuns() throws Exception {
    FileLatch asked = latch("asked");
    FileLatch release = latch("release");
    Pool pool = pool(2);
    MapResult<Long> result =
        pool.with(TaskOptions.defaults().chunkSize(5))
            .mapAsync(
                x -> {
                  if (x == 0) {
                    WorkerContext.current().replaceWorker();
                    asked.countDown();
                    release.await();
                  }
                  return ProcessHandle.current().pid();
                },
                IntStream.range(0, 5).boxed().toList());
    asked.await();
    Eventually.until("the others are done", () -> result.completed() == 4);
    release.countDown();
    List<Long> pids = result.get();
    assertThat(pids.subList(1, 5)).doesNotContain(pids.get(0));
    Eventually.until("its process has ended", () -> isGone(pids.get(0)));
  }

  @Test
  void oneThatHasAskedMayStillBeKilledAtItsLimit() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).gracePeriod(Duration.ofMillis(50)));
    FileLatch never = latch("never");
    var result =
        pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(100)))
            .mapAsync(
                x -> {
                  WorkerContext.current().replaceWorker();
                  while (!never.isOpen()) {
                    Thread.onSpinWait(); // deaf to interrupts
                  }
                  return x;
                },
                List.of(1));
    assertThat(result.outcomes().get(0)).isInstanceOf(Outcome.TimedOut.class);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
    assertThat(ends(pool)).isEqualTo(Map.of(WorkerEnd.TIMED_OUT, 1L));
  }

  @Test
  void anInitializerThatAsksIsRefused() {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .restartIntensity(1, Duration.ofMinutes(5))
                .initializer(() -> WorkerContext.current().replaceWorker()));
    assertThatThrownBy(() -> pool.apply(() -> 1))
        .cause()
        .isInstanceOf(PoolBrokenException.class)
        .hasMessageContaining("replaceWorker() was called in the initializer of worker 0");
  }

  @Test
  void whatAsksInAnInlinePoolWithinATaskDoesNotReachItsWorker() throws Exception {
    Pool pool = pool(1);
    List<Long> pids =
        pool.map(
            x -> {
              try (Pool nested = InlinePool.create(1)) {
                nested.apply(() -> pidThenReplaced(true)); // asks the inline pool, which has none
              }
              return ProcessHandle.current().pid();
            },
            List.of(1, 2, 3));
    assertThat(pids).containsOnly(pids.get(0));
  }
}
