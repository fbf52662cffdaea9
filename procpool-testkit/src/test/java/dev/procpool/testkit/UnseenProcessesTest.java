package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.AsyncResult;
import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import dev.procpool.process.LostChild;
import dev.procpool.process.ProcessEnd;
import dev.procpool.process.ProcessMark;
import dev.procpool.process.ProcessTree;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that can't be seen, for want of a descriptor to look with, is not taken for one that
 * has ended: it ends when it is due, and so does what tasks have started.
 */
class UnseenProcessesTest extends ProcessPoolTest {

  /** What the programs do. */
  static final class Program {

    private static final Duration BOUND = ContractTest.BOUND;
    private static final String DAEMON = "setsid sleep 1000 < /dev/null > /dev/null 2>&1 & echo $!";

    private static final List<Object> HOARD = new ArrayList<>();

    private Program() {}

    public static void main(String[] args) throws Exception {
      String folder = args[1];
      switch (args[0]) {
        case "over" -> over();
        case "tree" -> tree();
        case "lost" -> lost();
        case "force" -> force();
        case "worker" -> workerEnds(folder);
        case "program" -> programEnds(folder);
        default -> throw new AssertionError(args[0]);
      }
    }

    private static void over() throws Exception {
      Process process = sleeping("over;");
      ProcessEnd.isOver(process); // its classes are there
      TakenDescriptors all = new TakenDescriptors().takeAll();
      boolean isOver = ProcessEnd.isOver(process);
      all.close();
      process.destroyForcibly().waitFor();
      System.out.println(isOver + " " + ProcessEnd.isOver(process));
    }

    private static void tree() throws Exception {
      Process process = sleeping("tree;");
      int seen = ProcessTree.below(ProcessHandle.current()).size();
      TakenDescriptors all = new TakenDescriptors().takeAll();
      String found;
      try {
        found = "found " + ProcessTree.below(ProcessHandle.current()).size();
      } catch (RuntimeException e) {
        found = "not known";
      }
      all.close();
      process.destroyForcibly().waitFor();
      System.out.println(seen + ", then " + found);
    }

    private static void lost() throws Exception {
      LostChild.end("none;", 1); // its classes are there
      Process process = sleeping("lost;");
      TakenDescriptors all = new TakenDescriptors().takeAll();
      all.give(1); // to list processes with, but not to look at one
      Thread ending = new Thread(() -> LostChild.end("lost;", BOUND.toNanos()));
      whileTaken(all, ending);
      System.out.println(process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS));
    }

    private static void force() throws Exception {
      ProcessEnd.force(new ProcessBuilder("true").start());
      Process process = sleeping("force;");
      TakenDescriptors all = new TakenDescriptors().takeAll();
      Thread ending = new Thread(() -> ProcessEnd.force(process));
      whileTaken(all, ending);
      System.out.println(process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS));
    }

    /** Gives the descriptors back once a thread waits for some, or has ended. */
    private static void whileTaken(TakenDescriptors all, Thread thread) throws Exception {
      thread.start();
      until(() -> thread.getState() == Thread.State.TIMED_WAITING || !thread.isAlive());
      TimeUnit.MILLISECONDS.sleep(500); // it is about what happens meanwhile
      all.close();
      thread.join();
    }

    /** A worker ends while its program can't look for what its tasks have left. */
    private static void workerEnds(String folder) throws Exception {
      File go = new File(folder, "go");
      try (Pool pool = ProcessPool.create(1)) {
        long worker = pool.apply(() -> ProcessHandle.current().pid());
        AsyncResult<Integer> result =
            pool.applyAsync(
                () -> {
                  System.out.println(daemon(folder));
                  until(go::exists);
                  Runtime.getRuntime().halt(3);
                  return 0;
                });
        until(new File(folder, "pid")::exists);
        TakenDescriptors all = new TakenDescriptors().takeAll();
        go.mkdir(); // which takes no descriptor
        File process = new File("/proc/" + worker);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        while (process.exists() || System.nanoTime() - end < 0) {
          all.takeAll(); // also what the worker's end gives back
        }
        all.close();
        System.out.println(result.await(BOUND));
      }
    }

    /** The program ends while a task of its worker has taken all of its descriptors. */
    private static void programEnds(String folder) throws Exception {
      File taken = new File(folder, "taken");
      ProcessPool.builder()
          .workers(1)
          .build()
          .applyAsync(
              () -> {
                daemon(folder);
                HOARD.add(new TakenDescriptors().takeAll());
                taken.mkdir();
                until(() -> false);
                return 0;
              });
      until(taken::exists);
      Runtime.getRuntime().halt(0);
    }

    private static Process sleeping(String mark) throws IOException {
      ProcessBuilder builder = new ProcessBuilder("sleep", "1000");
      ProcessMark.put(builder.environment(), mark);
      return builder.start();
    }

    /** Starts a process in a session of its own, and tells its number when it is there. */
    private static String daemon(String folder) throws Exception {
      Process shell = new ProcessBuilder("sh", "-c", DAEMON).start();
      String pid = new String(shell.getInputStream().readAllBytes()).strip();
      shell.waitFor();
      Path part = Files.writeString(Path.of(folder, "part"), pid);
      Files.move(part, Path.of(folder, "pid"));
      return pid;
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
      while (!condition.getAsBoolean()) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
  }

  @TempDir Path folder;

  @BeforeEach
  void onlyOnLinux() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "needs /proc");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "needs prlimit");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "needs setsid");
  }

  private List<String> run(String what) throws Exception {
    List<String> few = List.of("/usr/bin/prlimit", "--nofile=256");
    // as users have it: a class in a directory can't be loaded without a descriptor
    List<String> options = List.of("-cp", Compiled.classPathWithJar(folder));
    try (ChildJvm program =
        new ChildJvm(folder, few, options, Program.class, what, folder.toString())) {
      assertThat(program.exitCode()).as(program.errors()).isZero();
      Eventually.until("no worker is left", () -> program.workers().isEmpty());
      Eventually.until("no file is left: " + program.files(), () -> program.files().isEmpty());
      return program.output();
    }
  }

  private void assertDaemonEnds() throws Exception {
    long pid = Long.parseLong(Files.readString(folder.resolve("pid")));
    try {
      Eventually.until("what the task has started is gone", () -> isGone(pid));
    } finally {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void aChildThatLivesIsNotOver() throws Exception {
    assertThat(run("over")).containsExactly("false true");
  }

  @Test
  void theTreeIsNotTakenForEmpty() throws Exception {
    assertThat(run("tree")).containsExactly("1, then not known");
  }

  @Test
  void aChildThatNobodyKnowsOfEnds() throws Exception {
    assertThat(run("lost")).containsExactly("true");
  }

  @Test
  void aKillIsTriedUntilItCanBe() throws Exception {
    assertThat(run("force")).containsExactly("true");
  }

  @Test
  void whatTasksHaveStartedEndsOnceItCanBeLookedFor() throws Exception {
    assertThat(run("worker")).contains("true");
    assertDaemonEnds();
  }

  @Test
  void aWorkerWhoseTaskHasTakenAllDescriptorsCleansUpAfterItsProgram() throws Exception {
    run("program");
    assertDaemonEnds();
  }
}
