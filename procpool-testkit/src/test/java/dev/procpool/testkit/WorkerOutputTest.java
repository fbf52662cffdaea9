package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import dev.procpool.local.WorkerOutput;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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
  void whatATaskReadsFromStandardInputIsAtItsEnd() throws Exception {
    assertThat(pool(1).apply(() -> System.in.read())).isEqualTo(-1);
  }
}
