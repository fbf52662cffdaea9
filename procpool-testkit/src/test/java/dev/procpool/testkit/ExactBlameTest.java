package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerExit;
import dev.procpool.WorkerExit.Reason;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Section 5 of the contract: whatever a worker dies of and whatever the chunk size, exactly the
 * item that was running is lost, and every other one runs exactly once.
 */
class ExactBlameTest extends ProcessPoolTest {

  private static final int ITEMS = 14;
  private static final int DEADLY = 5;

  @TempDir Path directory;

  /** What a worker dies of. */
  enum Death {
    KILL(Reason.KILLED, -1, "SIGKILL"),
    SEGFAULT(Reason.NATIVE_CRASH, -1, "SIGSEGV"),
    NATIVE_STACK_OVERFLOW(Reason.NATIVE_CRASH, -1, "SIGSEGV"),
    HEAP(Reason.OUT_OF_MEMORY, 3, null),
    EXIT(Reason.EXITED, 7, null),
    HALT(Reason.EXITED, 8, null);

    private final Reason reason;
    private final int exitCode;
    private final String signal;

    Death(Reason reason, int exitCode, String signal) {
      this.reason = reason;
      this.exitCode = exitCode;
      this.signal = signal;
    }

    @SuppressWarnings("restricted") // on JDK 25: the library is the test's own
    void die(String library) throws Exception {
      System.err.println("about to die of " + this);
      switch (this) {
        case KILL -> {
          signal("KILL", ProcessHandle.current().pid());
          TimeUnit.DAYS.sleep(1);
        }
        case SEGFAULT -> {
          Class<?> type = Class.forName("sun.misc.Unsafe");
          Field field = type.getDeclaredField("theUnsafe");
          field.setAccessible(true);
          type.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 0L, 0L);
        }
        case NATIVE_STACK_OVERFLOW -> {
          System.load(library);
          NativeStack.overflow(1);
        }
        case HEAP -> {
          List<byte[]> hoard = new ArrayList<>();
          while (hoard.size() < 1_000) {
            hoard.add(new byte[1 << 20]);
          }
        }
        case EXIT -> System.exit(7);
        case HALT -> Runtime.getRuntime().halt(8);
      }
      throw new AssertionError("survived " + this);
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheItemThatRanIsLost(Death death) throws Exception {
    Optional<Path> library = Optional.empty();
    if (death == Death.NATIVE_STACK_OVERFLOW) {
      library = NativeStack.compile(directory);
      assumeTrue(library.isPresent(), "a C compiler is installed");
    }
    String libraryPath = library.map(Path::toString).orElse("");
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(2)
                .output(line -> {})
                .jvmOptions(List.of("-Xmx48m", "-XX:-CreateCoredumpOnCrash")));
    TaskOptions automatic = TaskOptions.defaults();
    for (TaskOptions options :
        List.of(automatic.chunkSize(1), automatic.chunkSize(10), automatic)) {
      FileLog starts = log("starts of " + options);
      MapResult<Integer> result =
          pool.with(options)
              .mapAsync(
                  x -> {
                    starts.add(x);
                    if (x == DEADLY) {
                      death.die(libraryPath);
                    }
                    return x;
                  },
                  IntStream.range(0, ITEMS).boxed().toList());
      List<Outcome<Integer>> outcomes = result.outcomes();
      assertThat(outcomes).filteredOn(Outcome::isSuccess).hasSize(ITEMS - 1);
      assertThat(outcomes).element(DEADLY).isInstanceOf(Outcome.WorkerLost.class);
      assertThat(starts.lines())
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, ITEMS).mapToObj(String::valueOf).toList());
      Outcome.WorkerLost<Integer> lost = (Outcome.WorkerLost<Integer>) outcomes.get(DEADLY);
      assertThat(lost.exit().pid()).isEqualTo(lost.workerPid()).isPositive();
      assertExit(lost.exit(), death);
    }
  }

  private static void assertExit(WorkerExit exit, Death death) throws IOException {
    assertThat(exit.reason()).isEqualTo(death.reason);
    assertThat(exit.signal()).isEqualTo(Optional.ofNullable(death.signal));
    assertThat(exit.exitCode().orElse(-1)).isEqualTo(death.exitCode);
    assertThat(exit.stderrTail()).contains("about to die of " + death);
    if (death == Death.NATIVE_STACK_OVERFLOW) {
      exit.crashFile().ifPresent(file -> assertThat(file).isRegularFile()); // no stack to write it
    } else if (death.reason == Reason.NATIVE_CRASH) {
      Path crashFile = exit.crashFile().orElseThrow();
      assertThat(crashFile).isRegularFile();
      assertThat(exit.crashSummary())
          .anyMatch(line -> line.contains("SIGSEGV"))
          .hasSizeLessThan(20);
      assertThat(String.join("", Files.readAllLines(crashFile)))
          .contains(exit.crashSummary().get(0));
      Files.delete(crashFile);
    } else {
      assertThat(exit.crashFile()).isEmpty();
      assertThat(exit.crashSummary()).isEmpty();
    }
  }

  /** A program whose only worker finishes nine items and dies of the tenth. */
  static final class LateReader {
    private LateReader() {}

    public static void main(String[] arguments) throws Exception {
      FileLog starts = new FileLog(arguments[0]);
      FileLatch release = new FileLatch(arguments[1]);
      try (Pool pool = ProcessPool.create(1)) {
        MapResult<Integer> result =
            pool.with(TaskOptions.defaults().chunkSize(10))
                .mapAsync(
                    x -> {
                      starts.add(ProcessHandle.current().pid());
                      if (x == 0) {
                        release.await();
                      } else if (x == 9) {
                        Runtime.getRuntime().halt(1);
                      }
                      return x;
                    },
                    IntStream.range(0, 10).boxed().toList());
        for (Outcome<Integer> outcome : result.outcomes()) {
          System.out.println(outcome.getClass().getSimpleName() + " " + outcome.index());
        }
      }
    }
  }

  @Test
  void resultsThatTheParentHadNotReadWhenTheWorkerDiedAreKept() throws Exception {
    FileLog starts = log("starts");
    FileLatch release = latch("release");
    try (ChildJvm parent =
        new ChildJvm(directory, LateReader.class, starts.path(), release.path())) {
      Eventually.until("item 0 runs", () -> starts.size() == 1);
      signal("STOP", parent.pid());
      release.countDown();
      String worker = starts.lines().get(0);
      Eventually.until("the worker has died", () -> isZombie(worker));
      assertThat(starts.lines()).hasSize(10).containsOnly(worker);
      signal("CONT", parent.pid());
      assertThat(parent.exitCode()).as(parent::errors).isZero();
      List<String> expected =
          new ArrayList<>(IntStream.range(0, 9).mapToObj(i -> "Success " + i).toList());
      expected.add("WorkerLost 9");
      assertThat(parent.output()).isEqualTo(expected);
    }
  }

  @Test
  void anItemThatLeavesItsThreadToAnInterrupterLosesNoWorker() throws Exception {
    Pool pool = pool(1);
    long pid =
        pool.apply(
            () -> {
              Thread task = Thread.currentThread();
              Thread interrupter =
                  new Thread(
                      () -> {
                        while (true) {
                          task.interrupt();
                          Thread.onSpinWait();
                        }
                      });
              interrupter.setDaemon(true);
              interrupter.start();
              return ProcessHandle.current().pid();
            });
    List<Long> pids =
        pool.with(TaskOptions.defaults().chunkSize(7))
            .map(x -> ProcessHandle.current().pid(), IntStream.range(0, 2_000).boxed().toList());
    assertThat(pids).containsOnly(pid);
    List<Integer> lengths =
        pool.map(x -> new byte[x].length, List.of(1, 5_000_000)); // larger than the ring
    assertThat(lengths).containsExactly(1, 5_000_000);
  }

  private static boolean isZombie(String pid) {
    try {
      return Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
    } catch (IOException e) {
      return true; // reaped by now
    }
  }
}
