package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.LimitKind;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.function.Task1;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.FileLog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Items that are stopped: their processes end, and their slots are free for other jobs. */
@ExtendWith(SharedCluster.class)
class LimitsTest extends ClusterTest {

  /** Long enough to get into a loop whose classes are there. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  @Test
  void atItsTimeLimitALoopEndsWithItsProcess() throws Exception {
    FileLog pids = log("pids");
    Pool pool = pool(2);
    FileLog met = log("met");
    Task1<Integer, Integer> task = x -> x < 0 ? meet(x, met, 2) : x < 2 ? loop(pids) : x;
    pool.with(TaskOptions.defaults().chunkSize(1)).map(task, List.of(-1, -2));
    List<Outcome<Integer>> outcomes =
        pool.with(TaskOptions.defaults().timeout(SHORT)).mapAsync(task, numbers(4)).outcomes();
    assertTimedOut(outcomes.get(0), LimitKind.RUN_TIME);
    assertTimedOut(outcomes.get(1), LimitKind.RUN_TIME);
    assertThat(outcomes.subList(2, 4)).allMatch(Outcome::isSuccess);
    awaitEnds(awaitPids(pids, 2));
    assertAllSlotsAreFree();
  }

  @Test
  void atItsStallLimitAnItemEndsThatHasSaidNothing() throws Exception {
    FileLog pids = log("pids");
    Pool pool = pool(1);
    Task1<Integer, Integer> task =
        x -> {
          WorkerContext.current().progress(0.5, "half");
          return x == 0 ? loop(pids) : x;
        };
    assertThat(pool.map(task, List.of(1))).containsExactly(1);
    List<Outcome<Integer>> outcomes =
        pool.with(TaskOptions.defaults().stallTimeout(SHORT)).mapAsync(task, numbers(2)).outcomes();
    assertTimedOut(outcomes.get(0), LimitKind.STALL);
    assertThat(((Outcome.TimedOut<Integer>) outcomes.get(0)).stack())
        .extracting(StackTraceElement::getMethodName)
        .contains("loop");
    assertThat(outcomes.get(0).progress().orElseThrow().note()).isEqualTo("half");
    assertThat(outcomes.get(1).valueOrThrow()).isEqualTo(1);
    awaitEnds(awaitPids(pids, 1));
  }

  @Test
  void cancelEndsLoopsAndGivesTheirSlotsBack() throws Exception {
    FileLog pids = log("pids");
    Pool pool = pool(2);
    MapResult<Integer> result = pool.mapAsync(x -> loop(pids), numbers(10));
    List<Long> loops = awaitPids(pids, 2);
    assertThat(result.cancel(true)).isTrue();
    assertThat(result.outcomes()).hasSize(10).allMatch(o -> o instanceof Outcome.Cancelled);
    awaitEnds(loops);
    assertThat(pids.size()).as("items started").isEqualTo(2);
    assertAllSlotsAreFree();
    assertThat(pool.apply(() -> "alive")).isEqualTo("alive");
  }

  @Test
  void terminateEndsAllAtOnceAndGivesTheSlotsBack() throws Exception {
    FileLog pids = log("pids");
    FileLatch never = latch("never");
    Pool pool = pool(3);
    MapResult<Integer> loops = pool.mapAsync(x -> loop(pids), numbers(2));
    MapResult<Integer> waits =
        pool.mapAsync(
            x -> {
              pids.add(ownPid());
              never.await();
              return x;
            },
            numbers(5));
    List<Long> running = awaitPids(pids, 3);
    pool.terminate();
    assertThat(pool.join(BOUND)).isTrue();
    assertThat(loops.outcomes()).hasSize(2).allMatch(o -> o instanceof Outcome.Cancelled);
    assertThat(waits.outcomes()).hasSize(5).allMatch(o -> o instanceof Outcome.Cancelled);
    awaitEnds(running);
    Traces.awaitNone(cluster());
    assertAllSlotsAreFree();
  }

  private static void assertTimedOut(Outcome<Integer> outcome, LimitKind kind) {
    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    Outcome.TimedOut<Integer> timedOut = (Outcome.TimedOut<Integer>) outcome;
    assertThat(timedOut.kind()).isEqualTo(kind);
    assertThat(timedOut.limit()).isEqualTo(SHORT);
  }
}
