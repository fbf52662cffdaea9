package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.AsyncResult;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.WorkerInfo;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 7 of the contract: what waits is bounded, and what was delivered is released. */
class BoundsTest extends ProcessPoolTest {

  private static final int MB = 1024 * 1024;

  @TempDir Path child;

  // ---------------------------------------------------------------- bytes in flight

  /** A program that consumes large results later than they could be made. */
  static final class SlowConsumer {
    private SlowConsumer() {}

    public static void main(String[] arguments) throws Exception {
      List<Integer> items = IntStream.range(0, 150).boxed().toList();
      try (Pool pool = ProcessPool.builder().workers(2).jvmOptions(List.of("-Xmx128m")).build()) {
        ResultIterator<byte[]> results =
            arguments[0].equals("imap")
                ? pool.imap(x -> new byte[MB], items)
                : pool.imapUnordered(x -> new byte[MB], items);
        if (!results.hasNext()) {
          throw new AssertionError("no result");
        }
        Eventually.until(
            "the workers are held back",
            () -> pool.workers().stream().allMatch(w -> w.state() == WorkerInfo.State.IDLE));
        long done = pool.workers().stream().mapToLong(WorkerInfo::tasksDone).sum();
        long bytes = 0;
        while (results.hasNext()) {
          bytes += results.next().length;
        }
        System.out.println((done < 100) + " " + bytes / MB);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"imap", "imapUnordered"})
  void resultsOfASlowConsumerStopTheProducer(String call) throws Exception {
    try (ChildJvm program =
        new ChildJvm(child, List.of(), List.of("-Xmx64m"), SlowConsumer.class, call)) {
      assertThat(program.exitCode()).as(program::errors).isZero();
      assertThat(program.output()).containsExactly("true 150");
    }
  }

  @Test
  void aSlowConsumerHoldsUpNeitherOtherCallsNorTheEnd() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(2).jvmOptions(List.of("-Xmx256m")));
    List<Integer> items = IntStream.range(0, 1000).boxed().toList();
    ResultIterator<byte[]> results = pool.imap(x -> new byte[4 * MB], items);
    assertThat(results.next()).hasSize(4 * MB);
    Eventually.until(
        "the workers are held back",
        () -> pool.workers().stream().allMatch(w -> w.state() == WorkerInfo.State.IDLE));
    assertThat(pool.map(x -> x, items)).hasSize(1000);
    results.close();
    assertThat(pool.map(x -> x, items)).hasSize(1000);
    pool.close();
    assertThat(pool.isTerminated()).isTrue();
  }

  /** A program through whose small heap many more bytes go than it can hold. */
  static final class ManyItems {
    private ManyItems() {}

    public static void main(String[] arguments) throws Exception {
      try (Pool pool = ProcessPool.create(2)) {
        Iterable<byte[]> large =
            () -> IntStream.range(0, 5_000).mapToObj(i -> new byte[20_000]).iterator();
        pool.forEach(bytes -> {}, large);
        Iterable<Long> endless = () -> LongStream.iterate(0, x -> x + 1).iterator();
        long sum = 0;
        try (ResultIterator<Long> results = pool.imap(x -> 2 * x, endless)) {
          for (int i = 0; i < 300_000; i++) {
            sum += results.next();
          }
        }
        System.out.println(sum);
      }
    }
  }

  @Test
  void anEndlessSourceAndManyLargeItemsGoThroughASmallHeap() throws Exception {
    try (ChildJvm program = new ChildJvm(child, List.of(), List.of("-Xmx64m"), ManyItems.class)) {
      assertThat(program.exitCode()).as(program::errors).isZero();
      assertThat(program.output()).containsExactly(String.valueOf(300_000L * 299_999L));
    }
  }

  // ---------------------------------------------------------------- one payload

  /** A value whose serialized form is much larger than itself. */
  record Inflated(int parts) implements Serializable {
    private static final long serialVersionUID = 1L;

    static class Body implements Serializable {
      private static final long serialVersionUID = 1L;
      private final int parts;

      Body(int parts) {
        this.parts = parts;
      }

      private void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
        byte[] part = new byte[64 * MB];
        for (int i = 0; i < parts; i++) {
          out.write(part);
        }
      }
    }
  }

  @Test
  void aPayloadAboveTwoGigabytesIsRefusedWithItsSize() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).maxPayload(MB));
    long least = 35L * 64 * MB;
    for (boolean isResult : new boolean[] {false, true}) {
      assertThatThrownBy(
              () -> {
                if (isResult) {
                  pool.apply(parts -> new Inflated.Body(parts), 35);
                } else {
                  pool.apply(body -> 1, new Inflated.Body(35));
                }
              })
          .satisfies(
              error -> {
                String size = error.toString().replaceAll("(?s).*takes (\\d+) bytes.*", "$1");
                assertThat(Long.parseLong(size)).as(error.toString()).isGreaterThan(least);
              })
          .hasStackTraceContaining("limit of " + MB)
          .hasStackTraceContaining("pass it in parts");
    }
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void theLimitItselfIsAtMostWhatAnArrayHolds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessPool.builder().maxPayload(3L << 30))
        .withMessageContaining("maxPayload")
        .withMessageContaining(String.valueOf(3L << 30));
  }

  // ---------------------------------------------------------------- released

  /** What tasks leave in a worker without holding it. */
  private static final List<WeakReference<Object>> SEEN =
      Collections.synchronizedList(new ArrayList<>());

  private static boolean areCleared(List<WeakReference<Object>> references) {
    System.gc();
    return references.stream().allMatch(reference -> reference.get() == null);
  }

  @Test
  void aWorkerKeepsNeitherArgumentsNorResults() throws Exception {
    Pool pool = pool(1);
    for (int size : new int[] {1000, 2 * MB}) {
      pool.apply(
          argument -> {
            byte[] result = new byte[argument.length];
            SEEN.add(new WeakReference<>(argument));
            SEEN.add(new WeakReference<>(result));
            return result;
          },
          new byte[size]);
      int seen =
          pool.apply(
              () -> {
                int count = SEEN.size();
                Eventually.until("argument and result are released", () -> areCleared(SEEN));
                SEEN.clear();
                return count;
              });
      assertThat(seen).isEqualTo(2);
    }
  }

  @Test
  void aPendingCallKeepsNoArgumentThatWasSent() throws Exception {
    Pool pool = pool(1);
    FileLatch release = latch("release");
    List<WeakReference<Object>> sent = Collections.synchronizedList(new ArrayList<>());
    AsyncResult<?> result =
        pool.mapAsync(
            bytes -> {
              release.await();
              return bytes.length;
            },
            () ->
                IntStream.range(0, 3)
                    .mapToObj(
                        i -> {
                          byte[] argument = new byte[MB];
                          sent.add(new WeakReference<>(argument));
                          return argument;
                        })
                    .iterator());
    Eventually.until("all arguments are released", () -> sent.size() == 3 && areCleared(sent));
    assertThat(result.isReady()).isFalse();
    release.countDown();
    result.get();
  }

  @Test
  void thePoolKeepsNoValueThatItHasDelivered() throws Exception {
    Pool pool = pool(1);
    List<WeakReference<Object>> delivered = new ArrayList<>();
    ResultIterator<byte[]> results =
        pool.imap(size -> new byte[size], List.of(10, 10_000, MB, 10, 10_000, MB));
    for (int i = 0; i < 5; i++) {
      delivered.add(new WeakReference<>(results.next()));
    }
    Eventually.until("what was consumed is released", () -> areCleared(delivered));
    assertThat(results.next()).hasSize(MB);
    deliver(pool, delivered);
    Eventually.until("what calls gave is released", () -> areCleared(delivered));
  }

  /** In a frame of its own, so that nothing holds on to the results. */
  private static void deliver(Pool pool, List<WeakReference<Object>> delivered) throws Exception {
    for (int size : new int[] {10, 10_000, MB}) {
      AsyncResult<byte[]> result = pool.applyAsync(n -> new byte[n], size);
      delivered.add(new WeakReference<>(result.get()));
      delivered.add(new WeakReference<>(pool.map(n -> new byte[n], List.of(size)).get(0)));
    }
  }

  // ---------------------------------------------------------------- terminate

  @Test
  void terminateCompletesEverythingWhateverIsBlocked() throws Exception {
    Pool pool = pool(2);
    CountDownLatch freed = new CountDownLatch(1);
    CountDownLatch inCallback = new CountDownLatch(1);
    CountDownLatch inSource = new CountDownLatch(1);
    pool.applyAsync(() -> 1)
        .onSuccess(
            value -> {
              inCallback.countDown();
              awaitDeafly(freed);
            });
    await(inCallback);
    AsyncResult<List<Integer>> fed =
        pool.mapAsync(
            x -> x,
            () ->
                new Iterator<Integer>() {
                  @Override
                  public boolean hasNext() {
                    inSource.countDown();
                    awaitDeafly(freed);
                    return false;
                  }

                  @Override
                  public Integer next() {
                    throw new AssertionError();
                  }
                });
    await(inSource);
    FileLog pid = log("pid");
    AsyncResult<Object> frozen =
        pool.applyAsync(
            () -> {
              pid.add(ProcessHandle.current().pid());
              Thread.sleep(600_000);
              return null;
            });
    Eventually.until("the task runs", () -> pid.size() == 1);
    signal("STOP", Long.parseLong(pid.lines().get(0)));
    try {
      pool.terminate();
      assertThat(fed.await(BOUND)).as("the call whose source is blocked is complete").isTrue();
      assertThat(frozen.await(BOUND)).as("the call in the frozen worker is complete").isTrue();
      assertThat(fed.isCancelled()).isTrue();
      assertThat(frozen.isCancelled()).isTrue();
      Eventually.until("no worker is left", () -> pool.workers().isEmpty());
    } finally {
      freed.countDown();
    }
  }

  private static void awaitDeafly(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
