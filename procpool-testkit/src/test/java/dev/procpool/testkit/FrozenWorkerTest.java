package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerExit;
import dev.procpool.local.ProcessPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Section 5 of the contract: workers that don't listen any more. */
class FrozenWorkerTest extends ProcessPoolTest {

  @TempDir Path child;

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
        pool.with(TaskOptions.defaults().timeout(Duration.ofSeconds(2)).chunkSize(3))
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

  @Test
  void aStoppedWorkerIsFoundAndItsItemLost() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).freezeLimit(Duration.ofSeconds(2)));
    FileLog starts = log("starts");
    FileLatch never = latch("never");
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().chunkSize(3))
            .mapAsync(
                x -> {
                  starts.add(ProcessHandle.current().pid());
                  if (x == 0) {
                    never.await();
                  }
                  return x;
                },
                List.of(0, 1, 2));
    Eventually.until("item 0 has started", () -> starts.size() == 1);
    signal("STOP", pidIn(starts));
    List<Outcome<Integer>> outcomes = result.outcomes();
    assertFrozen(outcomes.get(0), pidIn(starts), "no processor time");
    assertThat(outcomes.get(1).valueOrThrow()).isEqualTo(1);
    assertThat(outcomes.get(2).valueOrThrow()).isEqualTo(2);
    assertThat(starts.size()).isEqualTo(3);
  }

  @Test
  void aWorkerThatWasStoppedWhenIdleCostsNothing() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(2).freezeLimit(Duration.ofSeconds(5)));
    FileLog starts = log("starts");
    List<Long> pids = pidsOfAllWorkers(pool, 2, "before");
    signal("STOP", pids.get(0));
    List<Long> ran =
        pool.with(TaskOptions.defaults().chunkSize(10))
            .map(
                x -> {
                  starts.add(x);
                  return ProcessHandle.current().pid();
                },
                IntStream.range(0, 100).boxed().toList());
    assertThat(ran).hasSize(100).doesNotContain(pids.get(0));
    assertThat(starts.lines()).hasSize(100).doesNotHaveDuplicates();
    assertThat(pidsOfAllWorkers(pool, 2, "after")).doesNotContain(pids.get(0));
  }

  @Test
  void aWorkerThatDoesNothingButCollectGarbageIsFound() throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .jvmOptions(List.of("-Xmx64m"))
                .freezeLimit(Duration.ofSeconds(2)));
    FileLog pid = log("pid");
    MapResult<Integer> result =
        pool.mapAsync(
            x -> {
              if (x == 0) {
                pid.add(ProcessHandle.current().pid());
                collectForEver();
              }
              return x;
            },
            List.of(0, 1));
    List<Outcome<Integer>> outcomes = result.outcomes();
    assertFrozen(outcomes.get(0), pidIn(pid), "collecting garbage");
    assertThat(outcomes.get(1).valueOrThrow()).isEqualTo(1);
  }

  /** A program whose task is under way while it is stopped as a whole. */
  static final class Suspended {
    private Suspended() {}

    public static void main(String[] arguments) throws Exception {
      FileLog pids = new FileLog(arguments[0]);
      FileLatch release = new FileLatch(arguments[1]);
      try (Pool pool =
          ProcessPool.builder().workers(1).freezeLimit(Duration.ofSeconds(2)).build()) {
        long pid =
            pool.apply(
                () -> {
                  pids.add(ProcessHandle.current().pid());
                  release.await();
                  return ProcessHandle.current().pid();
                });
        System.out.println(pid);
      }
    }
  }

  /** As Ctrl-Z and fg do in a terminal. */
  @Test
  void workersStoppedTogetherWithTheirParentAreNotTakenForFrozen() throws Exception {
    FileLog pids = log("pids");
    FileLatch release = latch("release");
    try (ChildJvm parent = new ChildJvm(child, Suspended.class, pids.path(), release.path())) {
      Eventually.until("the task runs", () -> pids.size() == 1);
      signal("STOP", parent.pid());
      signal("STOP", pidIn(pids));
      TimeUnit.SECONDS.sleep(3); // the time that passes is what is tested
      signal("CONT", parent.pid());
      TimeUnit.MILLISECONDS.sleep(300); // the shell does not continue all in one moment
      signal("CONT", pidIn(pids));
      release.countDown();
      assertThat(parent.exitCode()).as(parent::errors).isZero();
      assertThat(parent.output()).isEqualTo(pids.lines());
    }
  }

  private static void assertFrozen(Outcome<Integer> outcome, long pid, String words) {
    assertThat(outcome).isInstanceOf(Outcome.WorkerLost.class);
    WorkerExit exit = ((Outcome.WorkerLost<Integer>) outcome).exit();
    assertThat(exit.pid()).isEqualTo(pid);
    assertThat(exit.reason()).isEqualTo(WorkerExit.Reason.FROZEN);
    assertThat(exit.stderrTail()).anyMatch(line -> line.contains(words));
  }

  /**
   * Collects a heap with much in it again and again, as a full one does. Asked for, not provoked:
   * how much more fits into a heap that is all but full differs with the JVM's version.
   */
  private static int collectForEver() {
    Object[] kept = new Object[4];
    for (int i = 0; i < 800_000; i++) {
      kept = new Object[] {kept, null, null, null};
    }
    while (kept.length > 0) {
      System.gc();
    }
    return kept.length;
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
