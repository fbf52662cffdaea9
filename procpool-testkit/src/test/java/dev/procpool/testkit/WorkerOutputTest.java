package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.RunningItem;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerOutput;
import dev.procpool.local.ProcessPool;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Section 6 of the contract: what workers print comes out line by line, never cut. */
class WorkerOutputTest extends ProcessPoolTest {

  private static final String LONG = "äöü€ ".repeat(500);

  @TempDir Path child;

  /** A program whose tasks print. */
  static final class Chatty {
    private Chatty() {}

    public static void main(String[] arguments) throws Exception {
      try (Pool pool = ProcessPool.create(2)) {
        pool.forEach(Chatty::print, IntStream.range(0, 100).boxed().toList());
      }
    }

    private static void print(int x) {
      System.out.println("out " + x + " " + "x".repeat(3000));
      System.err.println("err " + x);
    }
  }

  /**
   * How many lines this worker has printed. The items' own numbers don't tell the order: what a
   * worker gives back may come to another one late.
   */
  private static final AtomicInteger PRINTED = new AtomicInteger();

  @Test
  void byDefaultItComesOutOfTheParentsOwn() throws Exception {
    try (ChildJvm parent = new ChildJvm(child, Chatty.class)) {
      assertThat(parent.exitCode()).as(parent::errors).isZero();
      assertThat(parent.output())
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 100).mapToObj(x -> "out " + x + " " + "x".repeat(3000)).toList());
      assertThat(parent.errors().lines())
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 100).mapToObj(x -> "err " + x).toList());
    }
  }

  @Test
  void aConsumerGetsWholeLinesInOrderWithTheirWorker() throws Exception {
    List<WorkerOutput.Line> lines = new CopyOnWriteArrayList<>();
    Pool pool = built(ProcessPool.builder().workers(2).output(lines::add));
    pool.forEach(
        x -> System.out.println(PRINTED.getAndIncrement() + " " + x + " " + LONG),
        IntStream.range(0, 200).boxed().toList());
    pool.apply(
        () -> {
          System.err.println("on standard error");
          return null;
        });
    pool.close();
    List<WorkerOutput.Line> out = lines.stream().filter(line -> !line.isError()).toList();
    assertThat(out)
        .extracting(line -> line.text().split(" ", 2)[1])
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 200).mapToObj(x -> x + " " + LONG).toList());
    assertThat(lines.stream().filter(WorkerOutput.Line::isError).map(WorkerOutput.Line::text))
        .containsExactly("on standard error");
    for (int worker = 0; worker < 2; worker++) {
      int number = worker;
      List<Integer> printed =
          out.stream()
              .filter(line -> line.workerNumber() == number)
              .map(line -> Integer.valueOf(line.text().split(" ", 2)[0]))
              .toList();
      assertThat(printed).isEqualTo(IntStream.range(0, printed.size()).boxed().toList());
    }
  }

  @Test
  void aLastLineWithoutEndComesOutToo() throws Exception {
    List<WorkerOutput.Line> lines = new CopyOnWriteArrayList<>();
    Pool pool = built(ProcessPool.builder().workers(1).output(lines::add));
    pool.apply(
        () -> {
          System.out.print("no newline");
          System.out.flush();
          return null;
        });
    pool.close();
    assertThat(lines).extracting(WorkerOutput.Line::text).containsExactly("no newline");
  }

  @Test
  void aConsumerThatThrowsHarmsNothing() throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .output(
                    line -> {
                      throw new IllegalStateException("thrown by a consumer, as the test wants");
                    }));
    pool.forEach(x -> System.out.println(x), List.of(1, 2, 3));
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aLineNamesTheItemThatWasRunning() throws Exception {
    List<WorkerOutput.Line> lines = new CopyOnWriteArrayList<>();
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(2)
                .output(lines::add)
                .initializer(() -> System.out.println("initializer")));
    pool.with(TaskOptions.defaults().label("first"))
        .forEach(
            x -> (x % 2 == 0 ? System.out : System.err).println("first " + x + " " + LONG),
            IntStream.range(0, 200).boxed().toList());
    pool.forEach(x -> System.out.println("second " + x), List.of(0, 1, 2));
    pool.close();

    assertThat(lines.stream().filter(line -> line.text().equals("initializer")))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.item()).isEmpty());
    List<WorkerOutput.Line> first = linesOf(lines, "first");
    List<WorkerOutput.Line> second = linesOf(lines, "second");
    assertThat(first).hasSize(200).allSatisfy(WorkerOutputTest::assertNamesItsItem);
    assertThat(second).hasSize(3).allSatisfy(WorkerOutputTest::assertNamesItsItem);
    assertThat(first).allSatisfy(line -> assertThat(item(line).label()).hasValue("first"));
    assertThat(second).allSatisfy(line -> assertThat(item(line).label()).isEmpty());
    assertThat(item(first.get(0)).call()).isLessThan(item(second.get(0)).call());
  }

  private static List<WorkerOutput.Line> linesOf(List<WorkerOutput.Line> lines, String call) {
    return lines.stream().filter(line -> line.text().startsWith(call)).toList();
  }

  private static RunningItem item(WorkerOutput.Line line) {
    return line.item().orElseThrow();
  }

  private static void assertNamesItsItem(WorkerOutput.Line line) {
    assertThat(item(line).index()).isEqualTo(Long.parseLong(line.text().split(" ", 3)[1]));
    assertThat(item(line).attempt()).isEqualTo(1);
  }

  @Test
  void anOutputThatWantsNoItemsGetsNone() throws Exception {
    List<WorkerOutput.Line> lines = new CopyOnWriteArrayList<>();
    WorkerOutput plain =
        new WorkerOutput() {
          @Override
          public void accept(Line line) {
            lines.add(line);
          }

          @Override
          public boolean wantsItems() {
            return false;
          }
        };
    Pool pool = built(ProcessPool.builder().workers(1).output(plain));
    pool.forEach(x -> System.out.println("line"), List.of(1));
    pool.close();
    assertThat(lines).extracting(WorkerOutput.Line::text).containsExactly("line");
    assertThat(lines.get(0).item()).isEmpty();
  }

  /** Past {@link System#out}: as native code does, by a child process, by name. */
  @Test
  void whatIsWrittenToTheDescriptorsItselfComesOutAndHarmsNothing() throws Exception {
    List<WorkerOutput.Line> lines = new CopyOnWriteArrayList<>();
    Pool pool = built(ProcessPool.builder().workers(1).output(lines::add));
    byte[] noise = new byte[70_000];
    new Random(1).nextBytes(noise);
    int results =
        pool.map(
                x -> {
                  try (var out = new FileOutputStream("/proc/self/fd/1");
                      var err = new FileOutputStream("/proc/self/fd/2")) {
                    new FileOutputStream(FileDescriptor.out).write(noise);
                    out.write(("\nby name " + x + "\n").getBytes(StandardCharsets.UTF_8));
                    err.write(noise);
                    err.write(("\nby name, error " + x + "\n").getBytes(StandardCharsets.UTF_8));
                  }
                  Process child =
                      new ProcessBuilder("sh", "-c", "echo child " + x + "; echo complaint >&2")
                          .inheritIO()
                          .start();
                  System.out.println("itself " + x);
                  return child.waitFor();
                },
                List.of(0, 1, 2))
            .size();
    assertThat(results).isEqualTo(3);
    pool.close();
    for (int x = 0; x < 3; x++) {
      assertThat(lines)
          .extracting(WorkerOutput.Line::text)
          .contains("by name " + x, "by name, error " + x, "child " + x, "itself " + x);
    }
    assertThat(lines.stream().filter(line -> line.text().equals("complaint"))).hasSize(3);
    linesOf(lines, "itself").forEach(WorkerOutputTest::assertNamesItsItem);
    assertThat(linesOf(lines, "child")).allSatisfy(line -> assertThat(line.item()).isEmpty());
  }

  /** A task prints 200 MB; another worker's items go on meanwhile, and memory stays bounded. */
  @Test
  void aFloodOfOutputHoldsUpNobodyElseAndFillsNoMemory() throws Exception {
    AtomicLong chars = new AtomicLong();
    CountDownLatch flowing = new CountDownLatch(1);
    CountDownLatch othersDone = new CountDownLatch(1);
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(2)
                .output(
                    line -> {
                      chars.addAndGet(line.text().length());
                      flowing.countDown();
                      waitFor(othersDone); // a consumer as slow as can be: it waits for the others
                    }));
    AsyncResult<Integer> flood =
        pool.applyAsync(
            () -> {
              String line = "0123456789".repeat(100);
              for (int i = 0; i < 200_000; i++) {
                System.out.println(line);
              }
              return 1;
            });
    await(flowing);
    assertThat(pool.map(x -> x, IntStream.range(0, 1000).boxed().toList())).hasSize(1000);
    assertThat(flood.isReady()).isFalse();
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    long used = runtime.totalMemory() - runtime.freeMemory();
    othersDone.countDown();
    assertThat(flood.get(Duration.ofSeconds(100))).isEqualTo(1);
    pool.close();
    assertThat(chars).hasValue(200_000_000L);
    System.gc();
    assertThat(runtime.totalMemory() - runtime.freeMemory() - used).isLessThan(50_000_000L);
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aConsumerThatThrowsAnErrorStopsNoWorker() throws Exception {
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .output(
                    line -> {
                      throw new AssertionError("thrown by a consumer, as the test wants");
                    }));
    // more than a pipe holds: nobody would read it if the reader had died
    pool.forEach(x -> System.out.println(LONG), Collections.nCopies(200, 1));
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void whatADiscardedWorkerSaidLastIsKeptForTheError() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).output(WorkerOutput.discard()));
    Outcome<Object> outcome =
        pool.mapAsync(
                x -> {
                  System.err.println("my last words");
                  System.exit(3);
                  return null;
                },
                List.of(1))
            .outcomes()
            .get(0);
    assertThat(((Outcome.WorkerLost<Object>) outcome).exit().stderrTail())
        .contains("my last words");
  }

  @Test
  void whatATaskReadsFromStandardInputIsAtItsEnd() throws Exception {
    assertThat(pool(1).apply(() -> System.in.read())).isEqualTo(-1);
  }
}
