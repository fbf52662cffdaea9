package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.FileLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What tests of pools on a cluster share: pools that end with the test, latches and logs for their
 * items, and the check that the cluster is as it was.
 *
 * <p>Tasks in subclasses must not capture the test instance: it can't be serialized.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class ClusterTest {

  /** How long a test waits for what must happen. No test's result depends on its value. */
  static final Duration BOUND = FileLatch.BOUND;

  private final List<Pool> pools = new ArrayList<>();

  @TempDir private Path folder;

  /** The cluster under test. */
  SparkCluster cluster() {
    return SharedCluster.cluster();
  }

  /** The context of the pools. */
  JavaSparkContext context() {
    return SharedCluster.context();
  }

  /** A folder of the test's own. */
  final Path folder() {
    return folder;
  }

  /** Makes a pool that ends with the test. */
  final Pool pool(int workers) {
    return built(SparkPool.builder(context()).workers(workers));
  }

  /** Makes a pool that ends with the test. */
  final Pool built(SparkPool.Builder builder) {
    Pool pool = builder.build();
    pools.add(pool);
    return pool;
  }

  /** Makes a latch that works between processes. */
  final FileLatch latch(String name) {
    return new FileLatch(folder.resolve(name));
  }

  /** Makes an empty log to which several processes can write. */
  final FileLog log(String name) {
    return new FileLog(folder.resolve(name + ".log"));
  }

  @AfterEach
  final void leaveTheClusterAsItWas() throws Exception {
    try {
      endPools();
    } finally {
      afterPools();
    }
  }

  private void endPools() throws InterruptedException {
    pools.forEach(Pool::terminate);
    for (Pool pool : pools) {
      assertThat(pool.join(BOUND)).as("the pool ended within %s of terminate()", BOUND).isTrue();
    }
  }

  /** What is checked or ended when the pools have ended. */
  void afterPools() throws Exception {
    Traces.awaitNone(cluster());
    cluster().awaitExecutors(context(), SharedCluster.WORKERS);
  }

  /** 0, 1, 2 and so on. */
  static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /** This process, if it is a worker's. */
  static long ownPid() {
    return ProcessHandle.current().pid();
  }

  /** In an item: waits until as many run at a time, so that as many workers have one. */
  static int meet(int value, FileLog met, int count) throws InterruptedException {
    met.add(ownPid());
    Eventually.until(count + " items run at a time", () -> met.size() >= count);
    return value;
  }

  /** In an item: tells its process, burns a processor, and hears no interrupt. */
  static int loop(FileLog pids) {
    pids.add(ownPid());
    long end = System.nanoTime() + BOUND.toNanos();
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    throw new AssertionError("nobody has ended the loop");
  }

  /** The items whose outcomes a call tells, as they are told. */
  static List<Long> told(MapResult<Integer> result) {
    List<Long> told = Collections.synchronizedList(new ArrayList<>());
    result.onOutcome(outcome -> told.add(outcome.index()));
    return told;
  }

  /** Waits until the outcomes of all items were told, each of them once. */
  static void assertEachOnce(List<Long> told, int items) throws InterruptedException {
    Eventually.until("all outcomes were told", () -> told.size() >= items);
    assertThat(List.copyOf(told)).hasSize(items).doesNotHaveDuplicates();
  }

  /** Waits for a line, and gives it. */
  static String awaitLine(FileLog log, String start) throws InterruptedException {
    Eventually.until(
        "a line that begins with '" + start + "'",
        () -> log.lines().stream().anyMatch(line -> line.startsWith(start)));
    return log.lines().stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
  }

  /** Waits until items have told as many processes, one a line, and gives them. */
  static List<Long> awaitPids(FileLog pids, int count) throws InterruptedException {
    Eventually.until(count + " items have started", () -> pids.size() >= count);
    return pids.lines().stream().map(Long::valueOf).toList();
  }

  /** Kills a process with SIGKILL. */
  static void kill(long pid) {
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    Traces.killed();
  }

  /** The process that has started another: for a worker, its executor. */
  static ProcessHandle parentOf(long pid) {
    return ProcessHandle.of(pid).flatMap(ProcessHandle::parent).orElseThrow();
  }

  /** The processes of the executors that run now. */
  final List<Long> pidsOfExecutors() {
    return cluster().executors().stream().map(ProcessHandle::pid).toList();
  }

  /** Waits until a process has ended. */
  static void awaitEnd(ProcessHandle process) throws InterruptedException {
    Eventually.until(process + " has ended", () -> !SparkCluster.runs(process));
  }

  /** Waits until processes have ended. */
  static void awaitEnds(List<Long> pids) throws InterruptedException {
    for (long pid : pids) {
      Eventually.until(
          "process " + pid + " has ended",
          () -> ProcessHandle.of(pid).filter(SparkCluster::runs).isEmpty());
    }
  }

  /** Runs a job of Spark's own whose tasks wait for one another: it needs all slots at once. */
  final void assertAllSlotsAreFree() throws IOException {
    int slots = SharedCluster.WORKERS * SharedCluster.CORES_EACH;
    Path meeting = Files.createTempDirectory(folder, "meeting");
    String script =
        "cat >/dev/null; touch '%1$s'/$$; i=0; set -- '%1$s'/*; while [ $# -lt %2$d ]; do"
            + " i=$((i+1)); [ $i -gt 150 ] && echo alone && exit; sleep 0.2; set -- '%1$s'/*; done;"
            + " echo together";
    List<String> said =
        context()
            .parallelize(Collections.nCopies(slots, 0), slots)
            .pipe(List.of("sh", "-c", String.format(script, meeting, slots)))
            .collect();
    assertThat(said).as("the tasks of a job of %s", slots).hasSize(slots).containsOnly("together");
  }
}
