package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Section 5 of the contract: workers end when their parent ends, in whatever way. */
class ParentDeathTest extends ProcessPoolTest {

  @TempDir Path child;

  /** A program that leaves its pool open while two tasks run. */
  static final class Careless {
    private Careless() {}

    public static void main(String[] arguments) throws Exception {
      FileLog pids = new FileLog(arguments[1]);
      FileLatch never = new FileLatch(arguments[1] + ".never");
      Pool pool = ProcessPool.create(2);
      pool.mapAsync(
          x -> {
            pids.add(ProcessHandle.current().pid());
            never.await(Duration.ofMinutes(5));
            return x;
          },
          List.of(1, 2));
      Eventually.until("both tasks run", () -> pids.size() == 2);
      switch (arguments[0]) {
        case "return" -> System.out.println("returning");
        case "exit" -> System.exit(5);
        case "halt" -> Runtime.getRuntime().halt(6);
        default -> never.await(Duration.ofMinutes(5));
      }
    }
  }

  /** A program whose workers are idle when it returns. */
  static final class Forgetful {
    private Forgetful() {}

    public static void main(String[] arguments) throws Exception {
      FileLog pids = new FileLog(arguments[0]);
      Pool pool = ProcessPool.create(1);
      pool.forEach(x -> pids.add(ProcessHandle.current().pid()), List.of(1, 2));
      System.out.println(pool.map(x -> x + 1, List.of(1, 2)));
    }
  }

  @Test
  void aKilledParentTakesItsBusyWorkersAlong() throws Exception {
    FileLog pids = log("pids");
    try (ChildJvm parent = new ChildJvm(child, Careless.class, "wait", pids.path())) {
      Eventually.until("both tasks run", () -> pids.size() == 2);
      parent.kill();
      assertNothingIsLeft(parent, pids);
    }
  }

  @Test
  void aTerminatedParentTakesItsBusyWorkersAlong() throws Exception {
    FileLog pids = log("pids");
    try (ChildJvm parent = new ChildJvm(child, Careless.class, "wait", pids.path())) {
      Eventually.until("both tasks run", () -> pids.size() == 2);
      parent.ask();
      assertThat(parent.exitCode()).isEqualTo(128 + 15);
      assertNothingIsLeft(parent, pids);
    }
  }

  @Test
  void aParentWhoseMainReturnsWithoutClosingEndsWithItsBusyWorkers() throws Exception {
    FileLog pids = log("pids");
    try (ChildJvm parent = new ChildJvm(child, Careless.class, "return", pids.path())) {
      assertThat(parent.exitCode()).as(parent::errors).isZero();
      assertThat(pids.size()).isEqualTo(2);
      assertNothingIsLeft(parent, pids);
    }
  }

  @Test
  void aParentThatExitsTakesItsBusyWorkersAlong() throws Exception {
    FileLog pids = log("pids");
    try (ChildJvm parent = new ChildJvm(child, Careless.class, "exit", pids.path())) {
      assertThat(parent.exitCode()).as(parent::errors).isEqualTo(5);
      assertThat(pids.size()).isEqualTo(2);
      assertNothingIsLeft(parent, pids);
    }
  }

  @Test
  void aParentThatHaltsTakesItsBusyWorkersAlong() throws Exception {
    FileLog pids = log("pids");
    try (ChildJvm parent = new ChildJvm(child, Careless.class, "halt", pids.path())) {
      assertThat(parent.exitCode()).as(parent::errors).isEqualTo(6);
      assertThat(pids.size()).isEqualTo(2);
      assertNothingIsLeft(parent, pids);
    }
  }

  @Test
  void aParentThatForgetsToCloseEndsWithItsIdleWorkers() throws Exception {
    FileLog pids = log("pids");
    try (ChildJvm parent = new ChildJvm(child, Forgetful.class, pids.path())) {
      assertThat(parent.exitCode()).as(parent::errors).isZero();
      assertThat(parent.output()).contains("[2, 3]");
      assertNothingIsLeft(parent, pids);
    }
  }

  @Test
  void anUnclosedPoolThatBecomesUnreachableLeavesNoProcess() throws Exception {
    FileLog pids = log("pids");
    forget(pids);
    Eventually.until(
        "the worker of the forgotten pool is gone",
        () -> {
          System.gc();
          return isGone(Long.parseLong(pids.lines().get(0)));
        });
  }

  @Test
  void theWorkersOfAPoolInsideATaskDieWithTheirParentWorker() throws Exception {
    Pool pool = pool(1);
    FileLog outer = log("outer");
    FileLog inner = log("inner");
    FileLatch never = latch("never");
    var result =
        pool.mapAsync(
            x -> {
              outer.add(ProcessHandle.current().pid());
              try (Pool nested = ProcessPool.create(1)) {
                nested.apply(
                    () -> {
                      inner.add(ProcessHandle.current().pid());
                      never.await();
                      return null;
                    });
              }
              return x;
            },
            List.of(1));
    Eventually.until("the nested task runs", () -> inner.size() == 1);
    ProcessHandle.of(Long.parseLong(outer.lines().get(0))).orElseThrow().destroyForcibly();
    assertThat(result.await(BOUND)).isTrue();
    Eventually.until(
        "the nested worker is gone", () -> isGone(Long.parseLong(inner.lines().get(0))));
  }

  /** In a frame of its own, so that nothing holds on to the pool. */
  private static void forget(FileLog pids) throws Exception {
    ProcessPool.create(1).forEach(x -> pids.add(ProcessHandle.current().pid()), List.of(1));
  }

  private static void assertNothingIsLeft(ChildJvm parent, FileLog pids) throws Exception {
    for (String pid : pids.lines()) {
      Eventually.until("worker " + pid + " is gone", () -> isGone(Long.parseLong(pid)));
    }
    Eventually.until("no file is left: " + parent.files(), () -> parent.files().isEmpty());
  }
}
