package dev.procpool.spark;

import static java.nio.file.Files.readString;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.FileLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Machines that come and go while a call runs, and daemons and drivers that are killed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS) // which a busy machine needs for a few JVMs
class NodesTest extends OwnCluster {

  /** A call of items without end, each of which tells its process and takes a moment. */
  private static MapResult<Integer> untilStopped(Pool pool, FileLog starts, FileLatch stop) {
    return pool.mapAsync(
        x -> {
          starts.add(x + " " + ownPid());
          TimeUnit.MILLISECONDS.sleep(20);
          return x;
        },
        () -> Stream.iterate(0, x -> !stop.isOpen(), x -> x + 1).iterator());
  }

  private static void awaitWorkForAll(List<ProcessHandle> executors, FileLog starts)
      throws InterruptedException {
    Eventually.until(
        "both nodes have work",
        () -> executors.stream().allMatch(executor -> works(executor, starts)));
  }

  @Test
  void aNodeThatJoinsGetsWorkAndOneThatLeavesLosesNothing() throws Exception {
    SparkCluster cluster = start(1, 1, Map.of());
    cluster.awaitExecutors(connect(cluster.conf()), 1);
    FileLog starts = log("starts");
    FileLatch stop = latch("stop");
    MapResult<Integer> result =
        untilStopped(
            pool(2).with(TaskOptions.defaults().retry(RetryPolicy.attempts(5).onWorkerLost())),
            starts,
            stop);
    List<Long> told = told(result);
    awaitLine(starts, "0 ");
    ProcessHandle first = cluster.executors().get(0);
    int joined = cluster.addWorker();
    cluster.awaitExecutors(context(), 2);
    ProcessHandle second =
        cluster.executors().stream().filter(each -> !each.equals(first)).findFirst().orElseThrow();
    Eventually.until("the new node has work", () -> works(second, starts));

    // As when a machine is switched off: its daemon and what that has started.
    cluster.killWorker(joined);
    second.destroyForcibly();
    Traces.killed();
    awaitEnd(second);
    long before = result.completed();
    Eventually.until("the call goes on", () -> result.completed() >= before + 20);
    stop.countDown();
    List<Integer> values = result.get();
    assertThat(values).isEqualTo(numbers(values.size()));
    assertEachOnce(told, values.size());
  }

  @Test
  void callsOutliveMasterAndWorkerDaemons() throws Exception {
    SparkCluster cluster = start(2, 1, Map.of());
    cluster.awaitExecutors(connect(cluster.conf()), 2);
    FileLog starts = log("starts");
    FileLatch stop = latch("stop");
    MapResult<Integer> result = untilStopped(pool(2), starts, stop);
    awaitWorkForAll(cluster.executors(), starts);
    cluster.killMaster();
    long afterMaster = result.completed();
    Eventually.until("the call goes on", () -> result.completed() >= afterMaster + 20);
    cluster.killWorker(0);
    // An executor ends when its daemon is gone; the driver may end its worker just then.
    Traces.killed();
    Eventually.until("one executor is left", () -> cluster.executors().size() == 1);
    long afterWorker = result.completed();
    Eventually.until("the call goes on", () -> result.completed() >= afterWorker + 20);
    stop.countDown();

    List<Outcome<Integer>> outcomes = result.outcomes();
    assertThat(outcomes)
        .extracting(Outcome::index)
        .isEqualTo(numbers(outcomes.size()).stream().map(Integer::longValue).toList());
    assertThat(outcomes)
        .allMatch(o -> o instanceof Outcome.Success || o instanceof Outcome.WorkerLost)
        .allMatch(outcome -> outcome.attempts() == 1);
    assertThat(starts.lines().stream().map(line -> line.split(" ")[0]))
        .as("items started, without a policy")
        .doesNotHaveDuplicates();
  }

  /** As before a spot machine is taken away, or a pod moved: there is no policy, and no loss. */
  @Test
  void aNodeThatIsTakenAwayWithNoticeLosesNothing() throws Exception {
    SparkCluster cluster = start(2, 1, Map.of("spark.decommission.enabled", "true"));
    cluster.awaitExecutors(connect(cluster.conf()), 2);
    FileLog starts = log("starts");
    FileLatch stop = latch("stop");
    MapResult<Integer> result = untilStopped(pool(2), starts, stop);
    awaitWorkForAll(cluster.executors(), starts);
    long leaving = cluster.workerProcess(0).pid();
    assertThat(new ProcessBuilder("kill", "-PWR", Long.toString(leaving)).start().waitFor())
        .isZero();
    Traces.killed(); // the executor ends by itself, and its workers with it
    Eventually.until("one executor is left", () -> cluster.executors().size() == 1);
    long before = result.completed();
    Eventually.until("the call goes on", () -> result.completed() >= before + 20);
    stop.countDown();
    List<Integer> values = result.get();
    assertThat(values).isEqualTo(numbers(values.size()));
    assertThat(starts.lines()).hasSize(values.size());
  }

  @Test
  void whenTheDriverIsKilledItsLoopsEnd() throws Exception {
    SparkCluster cluster = start(2, 1, Map.of());
    FileLog pids = log("pids");
    Path printed = folder().resolve("driver.txt");
    Process driver = DriverProgram.start(cluster.conf(), pids, printed);
    try {
      // A start of a JVM each, of which a busy machine has to make many.
      Eventually.until(
          "executors start, or the driver ends",
          () -> !cluster.executors().isEmpty() || !driver.isAlive());
      Eventually.until(
          "items loop, or the driver ends", () -> pids.size() == 2 || !driver.isAlive());
      assertThat(driver.isAlive()).as("driver, which printed %s", readString(printed)).isTrue();
      assertThat(Traces.of(cluster).processes()).hasSizeGreaterThanOrEqualTo(2);
    } finally {
      driver.destroyForcibly();
      Traces.killed();
    }
    awaitEnds(awaitPids(pids, 2));
    Traces.awaitNone(cluster);
    cluster.awaitNoExecutors();
  }

  /** Tells whether an item has started in a worker of an executor. */
  private static boolean works(ProcessHandle executor, FileLog starts) {
    List<Long> below = executor.descendants().map(ProcessHandle::pid).toList();
    return starts.lines().stream()
        .map(line -> Long.valueOf(line.split(" ")[1]))
        .anyMatch(below::contains);
  }
}
