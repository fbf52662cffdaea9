package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.AsyncResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.function.Action0;
import dev.procpool.local.ProcessPool;
import dev.procpool.local.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Section 11 of the contract: processes that a task started end with their worker, however it ends.
 */
class ChildrenOfTasksTest extends ProcessPoolTest {

  /** A child, its own child, one that nobody waits for, and a daemon in a session of its own. */
  private static final int FAMILY = 4;

  private static final String SCRIPT =
      "echo $$ >> \"$0\";"
          + " sh -c 'echo $$ >> \"$0\"; sleep 1000; :' \"$0\" &"
          + " (sh -c 'echo $$ >> \"$0\"; exec sleep 1000' \"$0\" &);"
          + " (setsid sh -c 'echo $$ >> \"$0\"; exec sleep 1000' \"$0\" > /dev/null 2>&1 &);"
          + " sleep 1000; :";

  @TempDir Path child;

  @BeforeEach
  void onlyOnLinux() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "needs /proc");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "needs setsid");
  }

  /** Starts a family that holds the worker's output open, and waits until all are there. */
  private static int family(FileLog pids) throws IOException, InterruptedException {
    return family(pids, ProcessBuilder.Redirect.INHERIT);
  }

  /** Starts a family that will not keep anybody reading its output. */
  private static int quietFamily(FileLog pids) throws IOException, InterruptedException {
    return family(pids, ProcessBuilder.Redirect.DISCARD);
  }

  private static int family(FileLog pids, ProcessBuilder.Redirect output)
      throws IOException, InterruptedException {
    int before = pids.size();
    new ProcessBuilder("sh", "-c", SCRIPT, pids.path())
        .redirectOutput(output)
        .redirectError(output)
        .start();
    Eventually.until("all have started", () -> pids.size() >= before + FAMILY);
    return 0;
  }

  private static void assertGone(FileLog pids) throws InterruptedException {
    assertThat(pids.size()).isGreaterThanOrEqualTo(FAMILY);
    for (String pid : pids.lines()) {
      Eventually.until("process " + pid + " is gone", () -> isGone(Long.parseLong(pid)));
    }
  }

  private static void assertGoneAtOnce(FileLog pids) {
    assertThat(pids.size()).isGreaterThanOrEqualTo(FAMILY);
    assertThat(pids.lines()).allMatch(pid -> isGone(Long.parseLong(pid)));
  }

  private static void assertThere(FileLog pids) {
    assertThat(pids.lines()).isNotEmpty().noneMatch(pid -> isGone(Long.parseLong(pid)));
  }

  // ------------------------------------------------------------------ the pool's end

  @Test
  void theyAreGoneWhenCloseReturns() throws Exception {
    FileLog pids = log("pids");
    Pool pool = pool(2);
    pool.forEach(x -> family(pids), List.of(1, 2));
    Eventually.until("both families are there", () -> pids.size() == 2 * FAMILY);
    assertThere(pids);
    pool.close();
    assertGoneAtOnce(pids);
  }

  @Test
  void theyEndWhenThePoolIsTerminated() throws Exception {
    FileLog pids = log("pids");
    FileLatch never = latch("never");
    Pool pool = pool(1);
    pool.applyAsync(
        () -> {
          family(pids);
          never.await();
          return 0;
        });
    Eventually.until("all have started", () -> pids.size() == FAMILY);
    pool.terminate();
    pool.join();
    assertGone(pids);
  }

  @Test
  void theyEndWhenTheTimeOfABoundedCloseIsUp() throws Exception {
    FileLog pids = log("pids");
    FileLatch never = latch("never");
    Pool pool = pool(1);
    pool.applyAsync(
        () -> {
          family(pids);
          never.await();
          return 0;
        });
    Eventually.until("all have started", () -> pids.size() == FAMILY);
    assertThat(pool.close(Duration.ofMillis(1))).isFalse();
    assertGone(pids);
  }

  @Test
  void theyLiveAsLongAsTheirWorker() throws Exception {
    FileLog mortal = log("mortal");
    FileLog alive = log("alive");
    Pool other = pool(1);
    other.apply(() -> family(alive));
    Pool pool = pool(1);
    pool.apply(() -> family(mortal));
    pool.close();
    assertGoneAtOnce(mortal);
    assertThere(alive);
    other.apply(() -> 0);
    assertThere(alive);
  }

  @Test
  void shutdownHooksOfAWorkerStillFindThem() throws Exception {
    FileLog pids = log("pids");
    FileLog found = log("found");
    Pool pool = pool(1);
    pool.apply(
        () -> {
          family(pids);
          List<String> family = pids.lines();
          Runtime.getRuntime()
              .addShutdownHook(
                  new Thread(
                      () -> {
                        for (String pid : family) {
                          found.add(!isGone(Long.parseLong(pid)));
                        }
                      }));
          return 0;
        });
    pool.close();
    assertThat(found.lines()).hasSize(FAMILY).containsOnly("true");
    assertGoneAtOnce(pids);
  }

  // ------------------------------------------------------------------ a worker's end

  @Test
  void theyEndWhenTheWorkerHalts() throws Exception {
    assertEndWith(() -> Runtime.getRuntime().halt(1));
  }

  @Test
  void theyEndWhenTheWorkerExits() throws Exception {
    assertEndWith(() -> System.exit(0));
  }

  @Test
  void theyEndWhenTheWorkerIsKilledFromOutside() throws Exception {
    assertEndWith(() -> signal("KILL", ProcessHandle.current().pid()));
  }

  @Test
  void theyEndWhenTheWorkerRunsOutOfMemory() throws Exception {
    assertEndWith(
        () -> {
          List<long[]> all = new ArrayList<>();
          while (true) {
            all.add(new long[1_000_000]);
          }
        });
  }

  private void assertEndWith(Action0 end) throws Exception {
    FileLog pids = log("pids");
    Pool pool = built(ProcessPool.builder().workers(1).jvmOptions(List.of("-Xmx64m")));
    Outcome<Object> outcome =
        pool.mapAsync(
                x -> {
                  family(pids);
                  end.run();
                  return (Object) x;
                },
                List.of(1))
            .outcomes()
            .get(0);
    assertThat(outcome).isInstanceOf(Outcome.WorkerLost.class);
    assertGone(pids);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void theyEndWithTheTimeLimitThatKillsTheWorker() throws Exception {
    FileLog pids = log("pids");
    FileLog more = log("more");
    Pool pool = built(ProcessPool.builder().workers(1).gracePeriod(Duration.ZERO));
    pool.apply(() -> family(pids));
    Pool limited = pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(300)));
    Outcome<Integer> outcome =
        limited.mapAsync(x -> familyThenLoop(more), List.of(1)).outcomes().get(0);
    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    assertGone(pids);
    for (String pid : more.lines()) {
      Eventually.until("process " + pid + " is gone", () -> isGone(Long.parseLong(pid)));
    }
  }

  private static int familyThenLoop(FileLog pids) throws Exception {
    family(pids);
    while (true) {
      Thread.onSpinWait();
    }
  }

  @Test
  void theyEndWhenACancelledItemTakesItsWorkerAlong() throws Exception {
    FileLog pids = log("pids");
    Pool pool = built(ProcessPool.builder().workers(1).gracePeriod(Duration.ZERO));
    AsyncResult<Integer> result = pool.applyAsync(() -> familyThenLoop(pids));
    Eventually.until("all have started", () -> pids.size() == FAMILY);
    result.cancel(true);
    assertGone(pids);
  }

  @Test
  void theyEndWhenTheirWorkerIsReplaced() throws Exception {
    FileLog pids = log("pids");
    Pool pool = built(ProcessPool.builder().workers(1).maxTasksPerWorker(1));
    pool.apply(() -> family(pids));
    assertGone(pids);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void theyEndWhenTheirWorkerWasIdle() throws Exception {
    FileLog pids = log("pids");
    Pool pool = built(ProcessPool.builder().workers(1).idleTimeout(Duration.ofMillis(1)));
    pool.apply(() -> family(pids));
    assertGone(pids);
  }

  @Test
  void theyEndWhenTheirWorkerIsOneTooMany() throws Exception {
    FileLog pids = log("pids");
    Pool pool = pool(2);
    List<FileLatch> started = List.of(latch("started-0"), latch("started-1"));
    pool.forEach(
        i -> {
          started.get(i).countDown();
          started.get(1 - i).await();
          family(log(pids, i));
        },
        List.of(0, 1));
    pool.resize(1);
    Eventually.until(
        "the processes of one of them are gone",
        () -> isAllGone(log(pids, 0)) || isAllGone(log(pids, 1)));
    assertThat(isAllGone(log(pids, 0)) && isAllGone(log(pids, 1))).isFalse();
  }

  private static FileLog log(FileLog base, int number) {
    return new FileLog(base.path() + number);
  }

  private static boolean isAllGone(FileLog pids) {
    return pids.lines().stream().allMatch(pid -> isGone(Long.parseLong(pid)));
  }

  @Test
  void whatATaskStartsWithoutEndEndsToo() throws Exception {
    FileLog pids = log("pids");
    Pool pool = built(ProcessPool.builder().workers(1).gracePeriod(Duration.ZERO));
    Pool limited = pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(300)));
    for (int round = 0; round < 3; round++) {
      Outcome<Object> outcome =
          limited.mapAsync(x -> startWithoutEnd(pids), List.of(1)).outcomes().get(0);
      assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    }
    pool.close();
    assertThat(pids.lines()).allMatch(pid -> isGone(Long.parseLong(pid)));
    assertThat(
            ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(pids.path())))
        .isEmpty();
  }

  private static Object startWithoutEnd(FileLog pids) throws IOException {
    while (true) {
      Process process = new ProcessBuilder("sh", "-c", "sleep 1000; :", pids.path()).start();
      pids.add(process.pid());
    }
  }

  /** It has not the mark that it would be found by: only below a worker that the pool ends. */
  @Test
  void whatWasStartedWithoutAnEnvironmentEndsWhereThePoolEndsTheWorker() throws Exception {
    FileLog pids = log("pids");
    Pool closed = pool(1);
    closed.apply(() -> bare(pids));
    closed.close();
    assertThat(pids.lines()).hasSize(1).allMatch(pid -> isGone(Long.parseLong(pid)));
    Pool terminated = pool(1);
    terminated.apply(() -> bare(pids));
    terminated.terminate();
    terminated.join();
    assertThat(pids.lines()).hasSize(2);
    for (String pid : pids.lines()) {
      Eventually.until("process " + pid + " is gone", () -> isGone(Long.parseLong(pid)));
    }
  }

  private static int bare(FileLog pids) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("/bin/sleep", "1000");
    builder.environment().clear();
    pids.add(builder.start().pid());
    return 0;
  }

  @Test
  void thoseOfANestedPoolEndWithTheOuterWorker() throws Exception {
    FileLog pids = log("pids");
    Pool pool = pool(1);
    Outcome<Integer> outcome =
        pool.mapAsync(
                x -> {
                  Pool nested = ProcessPool.create(1);
                  nested.apply(() -> family(pids));
                  Runtime.getRuntime().halt(1);
                  return x;
                },
                List.of(1))
            .outcomes()
            .get(0);
    assertThat(outcome).isInstanceOf(Outcome.WorkerLost.class);
    assertGone(pids);
  }

  // ------------------------------------------------------------------ the environment

  @Test
  void whatUsersSetInTheEnvironmentHidesNothing() throws Exception {
    FileLog pids = log("pids");
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .inheritEnvironment(false)
                .environment(Map.of("PROCPOOL_WORKER", "mine")));
    assertThat(pool.apply(() -> System.getenv("PROCPOOL_WORKER"))).doesNotContain("mine");
    pool.apply(() -> family(pids));
    pool.close();
    assertGoneAtOnce(pids);
  }

  @Test
  void inASandboxTheyEndToo() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "needs prlimit");
    FileLog pids = log("pids");
    Pool pool = built(ProcessPool.builder().workers(1).sandbox(Sandbox.prlimit().openFiles(4096)));
    pool.apply(() -> family(pids));
    pool.close();
    assertGoneAtOnce(pids);
  }

  // ------------------------------------------------------------------ those who are kept

  @Test
  void keptOnesLiveOn() throws Exception {
    FileLog pids = log("pids");
    try {
      Pool closed = built(ProcessPool.builder().workers(1).keepChildren(true));
      closed.apply(() -> quietFamily(pids));
      closed.close();
      Pool terminated = built(ProcessPool.builder().workers(1).keepChildren(true));
      terminated.apply(() -> quietFamily(pids));
      terminated.terminate();
      terminated.join();
      Pool crashed = built(ProcessPool.builder().workers(1).keepChildren(true));
      crashed
          .forEachAsync(
              x -> {
                quietFamily(pids);
                Runtime.getRuntime().halt(1);
              },
              List.of(1))
          .await();
      crashed.close();
      assertThat(pids.size()).isEqualTo(3 * FAMILY);
      assertThere(pids);
    } finally {
      destroy(pids);
    }
  }

  @Test
  void thoseOfAPoolThatKeepsThemEndWithTheWorkerAroundIt() throws Exception {
    FileLog pids = log("pids");
    Pool pool = pool(1);
    pool.apply(
        () -> {
          try (Pool nested = ProcessPool.builder().workers(1).keepChildren(true).build()) {
            nested.apply(() -> family(pids));
          }
          return 0;
        });
    assertThere(pids);
    pool.close();
    assertGoneAtOnce(pids);
  }

  private static void destroy(FileLog pids) {
    for (String pid : pids.lines()) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  // ------------------------------------------------------------------ the program's end

  /** A program that ends in some way while a task that has started processes still runs. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      FileLog pids = new FileLog(arguments[1]);
      FileLatch never = new FileLatch(arguments[1] + ".never");
      boolean kept = arguments[0].equals("keep");
      Pool pool = ProcessPool.builder().workers(1).keepChildren(kept).build();
      AsyncResult<Integer> result =
          pool.applyAsync(
              () -> {
                quietFamily(pids);
                never.await(Duration.ofMinutes(5));
                return 0;
              });
      Eventually.until("all have started", () -> pids.size() == FAMILY);
      if (!arguments[0].equals("kill")) {
        Runtime.getRuntime().halt(6);
      }
      result.get();
    }
  }

  @Test
  void theyEndWhenTheProgramHalts() throws Exception {
    FileLog pids = log("pids");
    try (ChildJvm parent = new ChildJvm(child, Program.class, "halt", pids.path())) {
      assertThat(parent.exitCode()).as(parent::errors).isEqualTo(6);
      assertGone(pids);
    }
  }

  @Test
  void theyEndWhenTheProgramIsKilled() throws Exception {
    FileLog pids = log("pids");
    try (ChildJvm parent = new ChildJvm(child, Program.class, "kill", pids.path())) {
      Eventually.until("all have started", () -> pids.size() == FAMILY);
      parent.kill();
      assertGone(pids);
    }
  }

  @Test
  void keptOnesLiveOnWhenTheProgramHalts() throws Exception {
    FileLog pids = log("pids");
    try (ChildJvm parent = new ChildJvm(child, Program.class, "keep", pids.path())) {
      assertThat(parent.exitCode()).as(parent::errors).isEqualTo(6);
      Eventually.until("the worker is gone", () -> parent.workers().isEmpty());
      assertThere(pids);
    } finally {
      destroy(pids);
    }
  }
}
