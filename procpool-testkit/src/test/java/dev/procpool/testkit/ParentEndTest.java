package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Section 5 of the contract: nothing is left of a parent's workers, whatever they are doing and
 * however it ends.
 */
class ParentEndTest extends ProcessPoolTest {

  @TempDir Path child;

  /** A program with one worker in each state, that ends as it is told. */
  static final class EveryState {
    private EveryState() {}

    public static void main(String[] arguments) throws Exception {
      FileLog busy = new FileLog(arguments[1]);
      ProcessPool.create(1).apply(() -> 1); // stays idle
      ProcessPool.create(1)
          .applyAsync(
              () -> {
                busy.add("loop");
                return loop();
              });
      ProcessPool.builder()
          .workers(1)
          .initializer(
              () -> {
                busy.add("initializer");
                Thread.sleep(600_000);
              })
          .build()
          .applyAsync(() -> 1);
      ProcessPool.create(1)
          .applyAsync(
              () -> {
                try (Pool nested = ProcessPool.create(1)) {
                  return nested.apply(
                      () -> {
                        busy.add("nested");
                        Thread.sleep(600_000);
                        return 1;
                      });
                }
              });
      Pool last = ProcessPool.create(1);
      var child =
          last.applyAsync(
              () -> {
                Process sleep = new ProcessBuilder("sleep", "600").start();
                busy.add("child " + sleep.pid());
                return sleep.waitFor();
              });
      Eventually.until("every worker is in its state", () -> busy.size() == 4);
      System.out.println("set up");
      switch (arguments[0]) {
        case "return" -> System.out.println("returning");
        case "halt" -> Runtime.getRuntime().halt(6);
        default -> child.get();
      }
    }

    /** A loop over ints without a call, which the serial collector's JVM does not stop within. */
    private static double loop() {
      double value = 2;
      for (int round = 0; round < 1000; round++) {
        value = loopFor(Integer.MAX_VALUE, value);
      }
      return value;
    }

    private static double loopFor(int rounds, double start) {
      double value = start;
      for (int i = 0; i < rounds; i++) {
        value = Math.sqrt(Math.sqrt(Math.sqrt(Math.sqrt(value + i) + i) + i) + i);
      }
      return value;
    }
  }

  @ParameterizedTest
  @CsvSource({"return, 0", "halt, 6", "kill, 137", "interrupt, 130"})
  void nothingIsLeft(String how, int status) throws Exception {
    FileLog busy = log("busy");
    boolean interrupt = how.equals("interrupt");
    // As from a terminal: a group of processes of its own, where SIGINT is not ignored.
    List<String> before =
        interrupt ? List.of("setsid", "env", "--default-signal=INT") : List.<String>of();
    assumeTrue(!interrupt || Files.isExecutable(Path.of("/usr/bin/setsid")), "needs setsid");
    try (ChildJvm parent =
        new ChildJvm(child, before, List.of(), EveryState.class, how, busy.path())) {
      Eventually.until("all is set up: " + parent.errors(), () -> hasSetUp(parent));
      if (how.equals("kill")) {
        parent.kill();
      } else if (interrupt) {
        signal("INT", -parent.pid());
      }
      assertThat(parent.exitCode()).as(parent::errors).isEqualTo(status);
      Eventually.until("no worker is left: " + parent.workers(), () -> parent.workers().isEmpty());
      String sleep = busy.lines().stream().filter(l -> l.startsWith("child")).findFirst().get();
      Eventually.until("nor its child", () -> isGone(Long.parseLong(sleep.substring(6))));
      Eventually.until("nor a file: " + parent.files(), () -> parent.files().isEmpty());
      assertThat(parent.errors()).doesNotContain("Exception").doesNotContain("\tat ");
    }
  }

  private static boolean hasSetUp(ChildJvm parent) {
    try {
      return parent.output().contains("set up") || !parent.isAlive();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aWorkerLeavesTheKeysOfTheTerminalToItsPool() throws Exception {
    Pool pool = pool(1);
    FileLog pid = log("pid");
    FileLatch release = latch("release");
    var result =
        pool.applyAsync(
            () -> {
              pid.add(ProcessHandle.current().pid());
              release.await();
              return ProcessHandle.current().pid();
            });
    Eventually.until("the task runs", () -> pid.size() == 1);
    signal("INT", Long.parseLong(pid.lines().get(0)));
    signal("HUP", Long.parseLong(pid.lines().get(0)));
    release.countDown();
    assertThat(result.get()).isEqualTo(pool.apply(() -> ProcessHandle.current().pid()));
  }

  /** A program whose worker starts when a latch opens. */
  static final class Starting {
    private Starting() {}

    public static void main(String[] arguments) throws Exception {
      ProcessPool.builder().workers(1).javaHome(Path.of(arguments[0])).build().apply(() -> 1);
    }
  }

  @Test
  void aWorkerThatStartsWhenItsParentIsGoneRemovesWhatIsLeft() throws Exception {
    FileLatch greeted = latch("greeted");
    FileLatch release = latch("release");
    Path bin = Files.createDirectories(child.resolve("home").resolve("bin"));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Files.writeString(
        bin.resolve("java"),
        String.join(
            "\n",
            "#!/bin/bash",
            "words=$(cat)", // all that the parent says, to the end
            "touch '" + greeted.path() + "'",
            "while [ ! -e '" + release.path() + "' ]; do sleep 0.01; done",
            "exec '" + java + "' \"$@\" <<< \"$words\"",
            ""));
    Files.setPosixFilePermissions(
        bin.resolve("java"), PosixFilePermissions.fromString("rwx------"));
    try (ChildJvm parent = new ChildJvm(child, Starting.class, child.resolve("home").toString())) {
      greeted.await();
      assertThat(parent.files()).isNotEmpty();
      parent.kill();
      release.countDown();
      Eventually.until("no worker is left", () -> parent.workers().isEmpty());
      Eventually.until("nor a file: " + parent.files(), () -> parent.files().isEmpty());
    }
  }

  @Test
  void aPoolForgottenDuringACallEndsAfterIt() throws Exception {
    FileLog pids = log("pids");
    FileLatch release = latch("release");
    forget(pids, release);
    Eventually.until("the task runs", () -> pids.size() == 1);
    System.gc();
    release.countDown();
    Eventually.until(
        "the worker of the forgotten pool is gone",
        () -> {
          System.gc();
          return pids.size() == 2 && isGone(Long.parseLong(pids.lines().get(0)));
        });
    assertThat(pids.lines().get(1)).isEqualTo("done");
  }

  private static void forget(FileLog pids, FileLatch release) {
    ProcessPool.create(1)
        .applyAsync(
            () -> {
              pids.add(ProcessHandle.current().pid());
              release.await(Duration.ofMinutes(1));
              pids.add("done");
              return 1;
            });
  }

  @Test
  void theDirectoryOfAPoolWhoseWorkerIsKilledGoesWithTheOutermostPool() throws Exception {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Pool pool =
        built(
            ProcessPool.builder().workers(1).jvmOptions(List.of("-Djava.io.tmpdir=" + temporary)));
    FileLatch nestedRuns = latch("nested");
    var result =
        pool.applyAsync(
            () -> {
              try (Pool nested = ProcessPool.create(1)) {
                return nested.apply(
                    () -> {
                      nestedRuns.countDown();
                      Thread.sleep(600_000);
                      return 1;
                    });
              }
            });
    nestedRuns.await();
    pool.terminate();
    assertThat(result.await(BOUND)).isTrue();
    assertThat(pool.join(BOUND)).isTrue();
    try (var files = Files.list(temporary)) {
      assertThat(files).isEmpty();
    }
  }
}
