package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultTooLargeException;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Results that don't fit in the program's own heap cost an item or a call; and all of it ends. */
class HeapShortageTest {

  private static final Duration BOUND = ContractTest.BOUND;

  /** What the programs do. */
  static final class Program {

    private static volatile @Nullable List<Object> hoard = new ArrayList<>();

    private static @Nullable MapResult<byte[]> kept;

    private Program() {}

    public static void main(String[] args) throws Exception {
      int count = Integer.parseInt(args[1]);
      int bytes = Integer.parseInt(args[2]);
      List<String> options = List.of("-Xmx1g");
      try (Pool pool = ProcessPool.builder().workers(2).jvmOptions(options).build()) {
        // what the program's own thread needs is loaded: it is not what is tested
        MapResult<Integer> first = pool.mapAsync(i -> i, List.of(1, 2, 3));
        first.await();
        first.outcomes().forEach(Outcome::isSuccess);
        switch (args[0]) {
          case "one" -> one(pool, count, bytes);
          case "map" -> map(pool, count, bytes);
          case "kept" -> kept(pool, count, bytes);
          case "stream" -> stream(pool, count, bytes);
          case "full" -> full(pool);
          case "idle" -> Thread.sleep(BOUND.toMillis());
          case "waiting" -> waiting(pool);
          case "decoding" -> decoding(pool);
          default -> throw new AssertionError(args[0]);
        }
        try {
          System.out.println("goes on: " + pool.map(i -> i + 1, List.of(1, 2, 3)));
        } catch (ExecutionException e) {
          System.out.println("gave up: " + said(e.getCause()));
        }
      }
    }

    /** One of several results is large. */
    private static void one(Pool pool, int count, int bytes) throws Exception {
      MapResult<byte[]> result =
          pool.mapAsync(
              i -> new byte[i == 1 ? bytes : 10], IntStream.range(0, count).boxed().toList());
      for (Outcome<byte[]> outcome : result.outcomes()) {
        System.out.println(outcome.index() + ": " + said(outcome.failure().orElse(null)));
      }
    }

    private static void map(Pool pool, int count, int bytes) throws Exception {
      try {
        System.out.println(pool.map(i -> "x".repeat(bytes) + i, numbers(count)).size());
      } catch (ExecutionException e) {
        System.out.println("call: " + said(e.getCause()));
      }
    }

    /** The result is still held when the pool is used again. */
    private static void kept(Pool pool, int count, int bytes) throws Exception {
      kept = pool.mapAsync(i -> new byte[bytes], numbers(count));
      kept.await();
      long there = kept.outcomes().stream().filter(Outcome::isSuccess).count();
      System.out.println("successes: " + there);
      try {
        kept.get();
      } catch (ExecutionException e) {
        System.out.println("call: " + said(e.getCause()));
      }
    }

    private static void stream(Pool pool, int count, int bytes) throws Exception {
      long sum = 0;
      var results = pool.imap(i -> "x".repeat(bytes) + i, numbers(count));
      while (results.hasNext()) {
        sum += results.next().length() > bytes ? 1 : 0;
      }
      System.out.println("results: " + sum);
    }

    private static void decoding(Pool pool) throws Exception {
      MapResult<Object> result = pool.mapAsync(i -> i == 1 ? new Hungry() : i, List.of(0, 1, 2, 3));
      for (Outcome<Object> outcome : result.outcomes()) {
        System.out.println(outcome.index() + ": " + said(outcome.failure().orElse(null)));
      }
    }

    /** The heap is full to the last byte for a while, whoever fills it, and then is not. */
    @SuppressWarnings("ThreadPriorityCheck") // whoever can get on is to
    private static void full(Pool pool) throws Exception {
      pool.map(i -> i, List.of(1, 2, 3));
      MapResult<String> result =
          pool.mapAsync(
              i -> {
                if (i % 100 == 0) {
                  Thread.sleep(10);
                }
                return "result number " + i;
              },
              IntStream.range(0, 20_000).boxed().toList());
      AsyncResult<Integer> single = pool.applyAsync(() -> 1);
      var future = pool.applyAsync(() -> 2).toCompletableFuture();
      fill(Duration.ofSeconds(2));
      hoard = null;
      System.out.println("ended: " + result.await(BOUND) + " " + single.await(BOUND));
      try {
        future.get(BOUND.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        // as well
      }
      try {
        System.out.println(result.get().size() == 20_000 ? "all" : "some");
      } catch (ExecutionException e) {
        System.out.println("all"); // or the call failed, and said so
      }
      pool.terminate();
      System.out.println("terminated: " + pool.join(BOUND));
      System.out.println("children: " + ProcessHandle.current().children().count());
      System.exit(0);
    }

    /** The heap is full while somebody waits, so that the wait can't even load a class. */
    @SuppressWarnings("ThreadPriorityCheck") // as soon as it can be
    private static void waiting(Pool pool) throws Exception {
      AsyncResult<Integer> result =
          pool.applyAsync(
              () -> {
                Thread.sleep(4000);
                return 1;
              });
      Thread main = Thread.currentThread();
      Thread filler =
          new Thread(
              () -> {
                while (main.getState() != Thread.State.TIMED_WAITING) {
                  Thread.onSpinWait();
                }
                fill(Duration.ofSeconds(3));
                hoard = null;
              });
      filler.start();
      try {
        result.await();
      } finally {
        filler.join(); // so that a failure can be told
      }
      System.out.println("waited");
    }

    private static void fill(Duration time) {
      List<Object> full = hoard;
      int size = 1 << 20;
      long end = System.nanoTime() + time.toNanos();
      while (full != null && System.nanoTime() < end) {
        try {
          full.add(new byte[size]);
        } catch (OutOfMemoryError e) {
          size = Math.max(16, size / 2);
          Thread.onSpinWait();
        }
      }
    }

    private static Iterable<Integer> numbers(int count) {
      return () -> IntStream.range(0, count).boxed().iterator();
    }

    private static String said(@Nullable Throwable failure) {
      return failure == null ? "fine" : failure.getClass().getSimpleName() + sizes(failure);
    }

    private static String sizes(Throwable failure) {
      String message = String.valueOf(failure.getMessage());
      return message.contains("-Xmx") && message.matches("(?s).*\\d{6,} bytes.*") ? " sized" : "";
    }
  }

  /** Takes more memory to read than there is. */
  static final class Hungry implements Serializable {

    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (new byte[1 << 30].length == 0) {
        throw new AssertionError();
      }
    }
  }

  private static final String SIZED = ResultTooLargeException.class.getSimpleName() + " sized";

  @TempDir Path folder;

  private ChildJvm run(String heap, Object... args) throws Exception {
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = String.valueOf(args[i]);
    }
    ChildJvm program = new ChildJvm(folder, List.of(heap), Program.class, words);
    try {
      assertThat(program.exitCode()).as(program.errors()).isZero();
      assertThat(program.workers()).isEmpty();
      assertThat(program.files()).isEmpty();
      return program;
    } catch (Throwable e) {
      program.close();
      throw e;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {300_000_000, 40_000_000, 24_000_000})
  void aResultThatDoesNotFitCostsItsItem(int bytes) throws Exception {
    try (ChildJvm program = run("-Xmx48m", "one", 4, bytes)) {
      assertThat(program.output())
          .containsExactly("0: fine", "1: " + SIZED, "2: fine", "3: fine", "goes on: [2, 3, 4]");
    }
  }

  @ParameterizedTest
  @CsvSource({"50000, 2000", "2000000, 100", "500, 200000", "40, 2000000", "60, 4000000"})
  void resultsThatDontFitTogetherCostTheirCall(int count, int bytes) throws Exception {
    try (ChildJvm program = run("-Xmx48m", "map", count, bytes)) {
      if (!hasGivenUp(program)) {
        // the thread that pulls items may meet the lack first: then its error ends the call
        assertThat(program.output().get(0)).isIn("call: " + SIZED, "call: OutOfMemoryError");
        assertThat(program.output()).hasSize(2).endsWith("goes on: [2, 3, 4]");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"20000, 4000", "500, 200000"})
  void theHeapIsFreeThoughTheResultIsKept(int count, int bytes) throws Exception {
    try (ChildJvm program = run("-Xmx48m", "kept", count, bytes)) {
      if (!hasGivenUp(program)) {
        assertThat(program.output())
            .containsExactly("successes: 0", "call: " + SIZED, "goes on: [2, 3, 4]");
      }
    }
  }

  /**
   * Tells whether the engine itself met the lack of memory, at a step that it can't do twice, and
   * has ended all that there was. It does not with a margin that is kept; but whoever else takes
   * memory may take that.
   */
  private static boolean hasGivenUp(ChildJvm program) throws IOException {
    List<String> output = program.output();
    boolean hasGivenUp = output.get(output.size() - 1).equals("gave up: PoolBrokenException");
    if (hasGivenUp) {
      assertThat(program.errors()).contains("the pool is broken", "OutOfMemoryError");
    }
    return hasGivenUp;
  }

  @Test
  void aStreamOfAsManyFits() throws Exception {
    try (ChildJvm program = run("-Xmx48m", "stream", 50_000, 2_000)) {
      assertThat(program.output()).containsExactly("results: 50000", "goes on: [2, 3, 4]");
    }
  }

  @Test
  void aResultThatTakesTooMuchToReadCostsItsItem() throws Exception {
    try (ChildJvm program = run("-Xmx48m", "decoding", 0, 0)) {
      assertThat(program.output())
          .containsExactly("0: fine", "1: " + SIZED, "2: fine", "3: fine", "goes on: [2, 3, 4]");
    }
  }

  @Test
  void aWaitOutlastsAFullHeap() throws Exception {
    try (ChildJvm program = run("-Xmx48m", "waiting", 0, 0)) {
      assertThat(program.output().get(0)).isEqualTo("waited");
      // the engine may have had to give up, without the memory to say so
      assertThat(program.output().get(1))
          .isIn("goes on: [2, 3, 4]", "gave up: PoolBrokenException");
    }
  }

  private static String said(ChildJvm program) {
    try {
      return program.output().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The JVM looks for the method once, which takes heap. Where the collector is the first to need
   * it, and there is none, the JDK ends the program: "Cleaner terminated abnormally".
   */
  @Test
  void memoryIsUnmappedForTheFirstTimeBeforeTheCollectorDoes() throws Exception {
    List<String> options = List.of("-Xmx1g", "-Xlog:jni+resolve=debug"); // nothing is collected
    try (ChildJvm program = new ChildJvm(folder, options, Program.class, "idle", "0", "0")) {
      Eventually.until("something is unmapped", () -> said(program).contains("unmap0"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseG1GC", "-XX:+UseParallelGC"})
  void allEndsOnceAFullHeapIsNotFullAnyMore(String collector) throws Exception {
    List<String> options = List.of("-Xmx64m", collector);
    try (ChildJvm program = new ChildJvm(folder, options, Program.class, "full", "0", "0")) {
      assertThat(program.exitCode()).as(program.errors()).isZero();
      assertThat(program.output())
          .containsExactly("ended: true true", "all", "terminated: true", "children: 0");
      assertThat(program.workers()).isEmpty();
    }
  }
}
