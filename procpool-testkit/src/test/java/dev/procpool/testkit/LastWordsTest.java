package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerExit;
import dev.procpool.WorkerExit.Reason;
import dev.procpool.WorkerOutput;
import dev.procpool.function.Action0;
import dev.procpool.local.ProcessPool;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of a worker that died in an item is what that item has printed, or nobody. */
class LastWordsTest extends ProcessPoolTest {

  private static final String TELLTALE =
      "Terminating due to java.lang.OutOfMemoryError: Java heap space";

  /** Items one after another on one worker; the last ends it. */
  private static WorkerExit exit(Pool pool, int chunk, List<Action0> items) throws Exception {
    List<Outcome<Integer>> outcomes =
        pool.with(TaskOptions.defaults().chunkSize(chunk))
            .<Action0, Integer>mapAsync(
                item -> {
                  item.run();
                  return 1;
                },
                items)
            .outcomes();
    int last = items.size() - 1;
    assertThat(outcomes.subList(0, last)).allMatch(Outcome::isSuccess);
    return ((Outcome.WorkerLost<Integer>) outcomes.get(last)).exit();
  }

  private WorkerExit exit(List<Action0> items) throws Exception {
    return exit(pool(1), items.size(), items);
  }

  private static Action0 says(String line) {
    return () -> System.err.println(line);
  }

  private static Action0 dies(String line) {
    return () -> {
      System.err.println(line);
      Runtime.getRuntime().halt(4);
    };
  }

  private static void raw(String text) throws IOException {
    FileOutputStream err = new FileOutputStream(FileDescriptor.err);
    err.write(text.getBytes(StandardCharsets.UTF_8)); // not closed: the descriptor is all tasks'
  }

  private static void exhaustTheHeap() {
    List<byte[]> hoard = new ArrayList<>();
    while (hoard.size() < 1_000) {
      hoard.add(new byte[1 << 20]);
    }
    throw new AssertionError("a gigabyte fitted: " + hoard.size());
  }

  @ParameterizedTest
  @CsvSource({"1,all", "10,all", "10,none", "10,consumer"})
  void earlierItemsLinesAreNotTold(int chunk, String output) throws Exception {
    WorkerOutput to =
        switch (output) {
          case "all" -> WorkerOutput.passThrough();
          case "none" -> WorkerOutput.discard();
          default -> line -> {};
        };
    Pool pool = built(ProcessPool.builder().workers(1).output(to));

    WorkerExit exit = exit(pool, chunk, List.of(says("first"), says("second"), dies("mine")));

    assertThat(exit.stderrTail()).containsExactly("mine");
    assertThat(exit.reason()).isEqualTo(Reason.EXITED);
  }

  @Test
  void anItemThatHasPrintedNothingHasNoLastWords() throws Exception {
    List<Action0> items = List.of(says("earlier"), () -> Runtime.getRuntime().halt(4));

    assertThat(exit(items).stderrTail()).isEmpty();
  }

  @Test
  void whatAnInitializerPrintsIsToldWhereNoItemHasPrintedSince() throws Exception {
    Pool pool =
        built(ProcessPool.builder().workers(1).initializer(() -> System.err.println("initial")));

    assertThat(exit(pool, 1, List.of(dies("mine"))).stderrTail())
        .containsExactly("initial", "mine");
  }

  @Test
  void whatDoesNotGoThroughSystemErrIsToldSinceAnotherItemHasPrinted() throws Exception {
    List<Action0> items =
        List.of(
            () -> {
              raw("raw, earlier\n");
              System.err.println("earlier");
            },
            () -> {
              raw("raw\n");
              new ProcessBuilder("sh", "-c", "echo child >&2").inheritIO().start().waitFor();
              System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true));
              System.err.println("replaced");
              Runtime.getRuntime().halt(4);
            });

    assertThat(exit(items).stderrTail()).containsExactly("raw", "child", "replaced");
  }

  @Test
  void aThreadOfAnEarlierItemPrintsInTheNameOfTheOneThatRuns() throws Exception {
    List<Action0> items =
        List.of(
            says("earlier"),
            () -> {
              Thread thread = new Thread(() -> System.err.println("by a thread"));
              thread.start();
              thread.join();
              Runtime.getRuntime().halt(4);
            });

    assertThat(exit(items).stderrTail()).containsExactly("by a thread");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anExhaustedHeapIsToldBehindALineThatAnEarlierItemHasNotEnded(boolean alsoOwn)
      throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).jvmOptions("-Xmx48m"));
    List<Action0> items =
        List.of(
            () -> System.err.print("an earlier item's "),
            () -> {
              System.err.print(alsoOwn ? "its own " : "");
              exhaustTheHeap();
            });

    WorkerExit exit = exit(pool, 2, items);

    assertThat(exit.reason()).isEqualTo(Reason.OUT_OF_MEMORY);
    assertThat(exit.stderrTail()).contains((alsoOwn ? "its own " : "") + TELLTALE);
  }

  @Test
  void anExhaustedHeapIsToldWhereTheJvmSaysItOnStandardOutput() throws Exception {
    Pool pool =
        built(
            ProcessPool.builder().workers(1).jvmOptions("-Xmx48m", "-XX:-DisplayVMOutputToStderr"));

    assertThat(exit(pool, 1, List.of(LastWordsTest::exhaustTheHeap)).reason())
        .isEqualTo(Reason.OUT_OF_MEMORY);
  }

  /** As a task does that runs a JVM, passes on what it prints and ends as it ends. */
  @ParameterizedTest
  @ValueSource(strings = {"the same item", "an earlier item", "on standard output"})
  void whoPrintsThatAHeapIsExhaustedHasNotExhaustedOne(String who) throws Exception {
    List<Action0> items =
        List.of(
            () -> (who.endsWith("output") ? System.out : System.err).println(TELLTALE),
            () -> {
              if (who.startsWith("the same")) {
                System.err.println(TELLTALE);
              }
              System.exit(3);
            });

    WorkerExit exit = exit(items);

    assertThat(exit.reason()).isEqualTo(Reason.EXITED);
    assertThat(exit.exitCode()).hasValue(3);
  }

  @Test
  void theWordsOfAProgramThatAnEarlierItemRanAreNotTheWorkers() throws Exception {
    List<Action0> items =
        List.of(
            () -> {
              raw(TELLTALE + "\n");
              System.err.println("it has failed");
            },
            () -> System.exit(3));

    assertThat(exit(items).reason()).isEqualTo(Reason.EXITED);
  }

  @Test
  void whatIsNotAsciiIsToldAsItIsUnderAnyLocale() throws Exception {
    Pool pool =
        built(ProcessPool.builder().workers(1).environment(Map.of("LC_ALL", "C", "LANG", "C")));

    assertThat(exit(pool, 2, List.of(says("früher"), dies("grün € \uD83D\uDE00"))).stderrTail())
        .containsExactly("grün € \uD83D\uDE00");
  }
}
