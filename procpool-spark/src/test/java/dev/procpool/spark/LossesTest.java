package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.RetryPolicy;
import dev.procpool.Shared;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerEnd;
import dev.procpool.WorkerExit;
import dev.procpool.testkit.EventLog;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.FileLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Workers and executors that are killed: each item has one outcome, and what may have started is
 * started again only if the call's policy says so.
 */
@ExtendWith(SharedCluster.class)
class LossesTest extends ClusterTest {

  private static final int ITEMS = 60;

  /** More are not on their way to an executor: one chunk for each of its slots. */
  private static final int CHUNK = 2;

  private static final int MOST_LOST = CHUNK * SharedCluster.CORES_EACH;

  @Test
  void aKilledWorkerCostsItsItemAndIsNamedWithItsHost() throws Exception {
    FileLog pids = log("pids");
    FileLatch never = latch("never");
    MapResult<Integer> result =
        pool(2)
            .mapAsync(
                x -> {
                  if (x == 2) {
                    pids.add(ownPid());
                    never.await();
                  }
                  return x;
                },
                numbers(6));
    long killed = awaitPids(pids, 1).get(0);
    kill(killed);

    List<Outcome<Integer>> outcomes = result.outcomes();
    assertThat(outcomes).filteredOn(Outcome::isSuccess).hasSize(5);
    WorkerExit exit = lost(outcomes.get(2));
    assertThat(exit.pid()).isEqualTo(killed);
    assertThat(exit.reason()).isEqualTo(WorkerExit.Reason.KILLED);
    assertThat(exit.signal()).hasValue("SIGKILL");
    assertThat(exit.host()).isNotEmpty().isEqualTo(outcomes.get(0).host());
    assertThat(outcomes.get(2).attempts()).isEqualTo(1);
  }

  @Test
  void whateverWorkersAreKilledNoItemIsStartedTwice() throws Exception {
    FileLog starts = log("starts");
    Pool pool = pool(3);
    MapResult<Integer> result =
        pool.mapAsync(
            x -> {
              starts.add(x);
              TimeUnit.MILLISECONDS.sleep(10);
              return x;
            },
            numbers(120));
    List<Long> told = told(result);
    for (int kills = 1; kills <= 3; kills++) {
      long enough = 20L * kills;
      Eventually.until("some items have ended", () -> result.completed() >= enough);
      pool.workers().stream()
          .flatMap(worker -> ProcessHandle.of(worker.pid()).stream())
          .findAny()
          .ifPresent(ProcessHandle::destroyForcibly);
    }
    List<Outcome<Integer>> outcomes = result.outcomes();
    assertThat(outcomes)
        .hasSize(120)
        .allMatch(o -> o instanceof Outcome.Success || o instanceof Outcome.WorkerLost)
        .filteredOn(outcome -> !outcome.isSuccess())
        .hasSizeLessThanOrEqualTo(3);
    assertThat(starts.lines()).doesNotHaveDuplicates();
    assertEachOnce(told, 120);
  }

  @Test
  void whatAKilledExecutorMayHaveStartedIsLostAndNotStartedAgain() throws Exception {
    FileLog starts = log("starts");
    EventLog events = new EventLog();
    MapResult<Integer> result = begin(TaskOptions.defaults(), starts, events);
    List<Long> told = told(result);
    long pid = killTheExecutorOfItem0(starts);

    List<Outcome<Integer>> outcomes = result.outcomes();
    assertEachOnce(told, ITEMS);
    Map<Long, Long> pids = new HashMap<>();
    for (String line : starts.lines()) {
      String[] words = line.split(" ");
      assertThat(pids.put(Long.valueOf(words[0]), Long.valueOf(words[1])))
          .as("an earlier start of item %s", words[0])
          .isNull();
    }
    String host = outcomes.get(ITEMS - 1).host();
    int lost = 0;
    for (Outcome<Integer> outcome : outcomes) {
      if (outcome.isSuccess()) {
        assertThat(outcome.valueOrThrow()).isEqualTo((int) outcome.index());
      } else {
        lost++;
        WorkerExit exit = lost(outcome);
        assertThat(exit.host()).isNotEmpty().isEqualTo(host);
        assertThat(exit.pid()).as("process of item %s", outcome.index()).isPositive();
        assertThat(exit.pid()).isEqualTo(pids.getOrDefault(outcome.index(), exit.pid()));
        assertThat(outcome.attempts()).isEqualTo(1);
      }
    }
    assertThat(lost(outcomes.get(0)).pid()).isEqualTo(pid);
    assertThat(lost).as("items lost").isLessThanOrEqualTo(MOST_LOST);
    assertThat(endOf(pid, events).exit().orElseThrow().describe())
        .matches("worker process " + pid + " .*is gone \\(executor \\d+ was lost: .*\\)");
  }

  /** The end of a worker, which its executor could not tell. */
  private static PoolEvent.WorkerGone endOf(long pid, EventLog events) throws InterruptedException {
    List<PoolEvent.WorkerGone> ends = new ArrayList<>();
    Eventually.until(
        "the end of worker process " + pid + " is told",
        () -> {
          ends.clear();
          ends.addAll(events.of(PoolEvent.WorkerGone.class));
          ends.removeIf(end -> end.worker().pid() != pid);
          return !ends.isEmpty();
        });
    assertThat(ends).hasSize(1);
    assertThat(ends.get(0).why()).isEqualTo(WorkerEnd.KILLED);
    assertThat(ends.get(0).lived()).isPositive();
    return ends.get(0);
  }

  @Test
  void underAPolicyTheyAreStartedAgain() throws Exception {
    FileLog starts = log("starts");
    MapResult<Integer> result =
        begin(
            TaskOptions.defaults().retry(RetryPolicy.attempts(3).onWorkerLost()),
            starts,
            new EventLog());
    List<Long> told = told(result);
    killTheExecutorOfItem0(starts);

    assertThat(result.get()).isEqualTo(numbers(ITEMS));
    assertEachOnce(told, ITEMS);
    List<Outcome<Integer>> outcomes = result.outcomes();
    assertThat(outcomes.get(0).attempts()).isEqualTo(2);
    assertThat(starts.lines()).filteredOn(line -> line.startsWith("0 ")).hasSize(2);
    for (Outcome<Integer> outcome : outcomes) {
      assertThat(starts.lines())
          .filteredOn(line -> line.startsWith(outcome.index() + " "))
          .hasSizeBetween(1, outcome.attempts());
    }
  }

  /** Item 0 waits in its first attempt; the others need a value that the pool shares. */
  private MapResult<Integer> begin(TaskOptions options, FileLog starts, EventLog events) {
    FileLatch never = latch("never");
    Pool pool = built(SparkPool.builder(context()).workers(4).observer(events));
    Shared<int[]> factor = pool.share(new int[] {1});
    return pool.with(options.chunkSize(CHUNK))
        .mapAsync(
            x -> {
              int attempt = WorkerContext.current().attempt();
              starts.add(x + " " + ownPid() + " " + attempt);
              if (x == 0 && attempt == 1) {
                never.await();
              }
              TimeUnit.MILLISECONDS.sleep(20);
              return x * factor.get()[0];
            },
            numbers(ITEMS));
  }

  /** Waits until it has started; gives its worker's process. */
  private static long killTheExecutorOfItem0(FileLog starts) throws InterruptedException {
    long pid = Long.parseLong(awaitLine(starts, "0 ").split(" ")[1]);
    ProcessHandle executor = parentOf(pid);
    kill(executor.pid());
    awaitEnd(executor);
    return pid;
  }

  private static WorkerExit lost(Outcome<Integer> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.WorkerLost.class);
    return ((Outcome.WorkerLost<Integer>) outcome).exit();
  }
}
