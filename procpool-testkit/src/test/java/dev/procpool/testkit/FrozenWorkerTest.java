package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Section 5 of the contract: workers that don't listen any more. */
class FrozenWorkerTest extends ProcessPoolTest {

  @Test
  void aStoppedWorkerHoldsUpNoOther() throws Exception {
    Pool pool = pool(2);
    FileLog pid = log("pid");
    FileLatch never = latch("never");
    AsyncResult<Object> stopped = hanging(pool, pid, never);
    signal("STOP", pidIn(pid));
    assertThat(pool.map(x -> x, IntStream.range(0, 200).boxed().toList())).hasSize(200);
    stopped.cancel(true);
  }

  @Test
  void aStoppedWorkerWithFullBuffersHoldsUpNoOther() throws Exception {
    Pool pool = pool(2);
    FileLog pid = log("pid");
    FileLatch never = latch("never");
    AsyncResult<Object> stopped = hanging(pool, pid, never);
    signal("STOP", pidIn(pid));
    List<Integer> lengths =
        pool.with(TaskOptions.defaults().chunkSize(8))
            .map(bytes -> bytes.length, Collections.nCopies(64, new byte[1 << 20]));
    assertThat(lengths).hasSize(64).containsOnly(1 << 20);
    stopped.cancel(true);
  }

  @Test
  void aStoppedWorkerHoldsUpNoTermination() throws Exception {
    Pool pool = pool(1);
    FileLog pid = log("pid");
    FileLatch never = latch("never");
    AsyncResult<Object> stopped = hanging(pool, pid, never);
    signal("STOP", pidIn(pid));
    pool.terminate();
    assertThat(stopped.await(BOUND)).isTrue();
    assertThat(pool.join(BOUND)).isTrue();
    assertThat(isGone(pidIn(pid))).isTrue();
  }

  @Test
  void aTaskDeafToInterruptsIsKilledAfterItsTimeLimitWithItsStackTold() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).gracePeriod(Duration.ofMillis(200)));
    List<Outcome<Integer>> outcomes =
        pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(300)).chunkSize(3))
            .mapAsync(x -> x == 1 ? spin(x) : x, List.of(0, 1, 2))
            .outcomes();
    assertThat(outcomes).extracting(Outcome::isSuccess).containsExactly(true, false, true);
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.TimedOut.class);
    assertThat(((Outcome.TimedOut<Integer>) outcomes.get(1)).stack())
        .extracting(StackTraceElement::getMethodName)
        .contains("spin");
  }

  @Test
  void aTaskDeafToInterruptsIsKilledWhenCancelled() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).gracePeriod(Duration.ofMillis(200)));
    FileLog pid = log("pid");
    AsyncResult<Integer> result =
        pool.applyAsync(
            () -> {
              pid.add(ProcessHandle.current().pid());
              return spin(1);
            });
    Eventually.until("the task has started", () -> pid.size() == 1);
    assertThat(result.cancel(true)).isTrue();
    assertThat(pool.apply(() -> ProcessHandle.current().pid())).isNotEqualTo(pidIn(pid));
  }

  private static AsyncResult<Object> hanging(Pool pool, FileLog pid, FileLatch never)
      throws InterruptedException {
    AsyncResult<Object> result =
        pool.applyAsync(
            () -> {
              pid.add(ProcessHandle.current().pid());
              never.await();
              return null;
            });
    Eventually.until("the task has started", () -> pid.size() == 1);
    return result;
  }

  private static long pidIn(FileLog log) {
    return Long.parseLong(log.lines().get(0));
  }

  private static int spin(int x) {
    long count = x;
    while (count != 0) {
      count = count == Long.MAX_VALUE ? 1 : count + 1;
    }
    return (int) count;
  }
}
