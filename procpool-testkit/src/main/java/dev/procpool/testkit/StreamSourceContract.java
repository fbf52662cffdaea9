package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.ItemOutcome;
import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import dev.procpool.function.Args;
import dev.procpool.function.Tasks;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Streams and arrays in the place of collections. */
public abstract class StreamSourceContract extends ContractTest {

  /** For subclasses. */
  protected StreamSourceContract() {}

  @Test
  void everyCallTakesAStream() throws Exception {
    Pool pool = pool(2);
    assertThat(pool.map(x -> x + 1, Stream.of(1, 2, 3))).containsExactly(2, 3, 4);
    assertThat(pool.mapAsync(x -> x + 1, Stream.of(1, 2, 3)).get()).containsExactly(2, 3, 4);
    assertThat(pool.imap(x -> x + 1, Stream.of(1, 2, 3)).stream()).containsExactly(2, 3, 4);
    assertThat(pool.imapUnordered(x -> x + 1, Stream.of(1, 2, 3)).stream())
        .containsExactlyInAnyOrder(2, 3, 4);
    FileLog log = log("seen");
    pool.forEach(log::add, Stream.of("a", "b"));
    pool.forEachAsync(log::add, Stream.of("c")).get();
    assertThat(log.lines()).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void everyCallTakesAnArray() throws Exception {
    Pool pool = pool(2);
    Integer[] items = {1, 2, null};
    assertThat(pool.map(x -> x == null ? 0 : x, items)).containsExactly(1, 2, 0);
    assertThat(pool.mapAsync(x -> x, items).get()).containsExactly(1, 2, null);
    assertThat(pool.imap(x -> x, items).stream()).containsExactly(1, 2, null);
    assertThat(pool.imapUnordered(x -> x, items).stream()).containsExactlyInAnyOrder(1, 2, null);
    FileLog log = log("seen");
    pool.forEach(log::add, new String[] {"a", "b"});
    pool.forEachAsync(log::add, new String[] {"c"}).get();
    assertThat(log.lines()).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(pool.map(x -> x, new Integer[0])).isEmpty();
  }

  @Test
  void anArrayMayBeChangedAtOnce() throws Exception {
    Pool pool = pool(1);
    FileLatch release = latch("release");
    String[] items = {"a", "b"};
    MapResult<String> result =
        pool.mapAsync(
            x -> {
              release.await();
              return x;
            },
            items);
    items[0] = "changed";
    items[1] = "changed";
    release.countDown();
    assertThat(result.get()).containsExactly("a", "b");
  }

  @Test
  void streamsOfPrimitivesAreStreams() throws Exception {
    Pool pool = pool(2);
    assertThat(pool.map(x -> x * x, IntStream.range(0, 4))).containsExactly(0, 1, 4, 9);
    assertThat(pool.map(x -> x + 1L, LongStream.of(1, 2))).containsExactly(2L, 3L);
    assertThat(pool.map(Math::sqrt, DoubleStream.of(4, 9))).containsExactly(2.0, 3.0);
    assertThat(pool.imap(x -> x + 1, IntStream.iterate(0, x -> x + 1)).next()).isEqualTo(1);
  }

  @Test
  void tuplesOfAStreamAreSpread() throws Exception {
    assertThat(
            pool(2)
                .map(
                    Tasks.spread((Integer a, Integer b) -> a * b),
                    IntStream.range(0, 3).mapToObj(i -> Args.of(i, i + 1))))
        .containsExactly(0, 2, 6);
  }

  @Test
  void entriesOfAMapAreItems() throws Exception {
    Map<String, Integer> map = new HashMap<>(Map.of("a", 1, "b", 2));
    assertThat(pool(1).map(x -> x + 1, map.values())).containsExactlyInAnyOrder(2, 3);
  }

  @Test
  void aStreamIsClosedAtItsEnd() throws Exception {
    Pool pool = pool(2);
    AtomicInteger closed = new AtomicInteger();
    assertThat(pool.map(x -> x, Stream.of(1, 2).onClose(closed::incrementAndGet))).hasSize(2);
    assertThat(closed).as("when the call is complete").hasValue(1);
    assertThat(pool.map(x -> x, Stream.<Integer>of().onClose(closed::incrementAndGet))).isEmpty();
    assertThat(closed).hasValue(2);
    ResultIterator<Integer> results =
        pool.imap(x -> x, Stream.of(1).onClose(closed::incrementAndGet));
    assertThat(results.stream()).containsExactly(1);
    assertThat(closed).hasValue(3);
  }

  @Test
  void aStreamIsClosedWhenItsCallEndsBefore() throws Exception {
    Pool pool = pool(1);
    CountDownLatch closed = new CountDownLatch(4);
    Stream<Integer> endless = Stream.iterate(1, x -> x + 1);
    try (ResultIterator<Integer> results =
        pool.with(TaskOptions.defaults().lookAhead(3))
            .imap(x -> x, endless.onClose(closed::countDown))) {
      assertThat(results.next()).isEqualTo(1);
    }
    FileLatch never = latch("never");
    MapResult<Integer> cancelled =
        pool.mapAsync(
            x -> {
              never.await();
              return x;
            },
            Stream.of(1).onClose(closed::countDown));
    cancelled.cancel(true);
    Stream<Integer> throwing = Stream.of(1, 0).map(x -> 1 / x).onClose(closed::countDown);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.map(x -> x, throwing))
        .withCauseInstanceOf(ArithmeticException.class);
    ResultIterator<Integer> ended =
        pool.imap(x -> x, Stream.iterate(1, x -> x + 1).onClose(closed::countDown));
    assertThat(ended.next()).isEqualTo(1);
    pool.terminate();
    assertThat(closed.await(BOUND.toSeconds(), TimeUnit.SECONDS)).as("all are closed").isTrue();
  }

  @Test
  void aStreamThatCantBeClosedIsASourceThatThrows() throws Exception {
    Pool pool = pool(1);
    Stream<Integer> stream =
        Stream.of(1, 2)
            .onClose(
                () -> {
                  throw new UncheckedIOException("no close", new java.io.IOException("disk"));
                });
    MapResult<Integer> result = pool.mapAsync(x -> x, stream);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(result::get)
        .withCauseInstanceOf(UncheckedIOException.class);
    assertThat(result.outcomes()).allMatch(outcome -> outcome.isSuccess());
    assertThat(pool.apply(() -> 1)).as("the pool lives on").isEqualTo(1);
  }

  @Test
  void aStreamIsReadOnlyAsFarAsTheLookAheadAllows() {
    AtomicInteger read = new AtomicInteger();
    try (ResultIterator<Integer> results =
        pool(1)
            .with(TaskOptions.defaults().lookAhead(4))
            .imap(x -> x, Stream.generate(read::incrementAndGet))) {
      for (int i = 1; i <= 50; i++) {
        assertThat(results.next()).isEqualTo(i);
        assertThat(read.get()).isBetween(i, i + 5);
      }
    }
  }

  @Test
  void aStreamThatWasReadIsRefusedAtOnce() throws Exception {
    Pool pool = pool(1);
    Map<String, Function<Stream<Integer>, Object>> calls =
        Map.of(
            "mapAsync", stream -> pool.mapAsync(x -> x, stream),
            "imap", stream -> pool.imap(x -> x, stream),
            "imapUnordered", stream -> pool.imapUnordered(x -> x, stream),
            "imapOutcomes", stream -> pool.imapOutcomes(x -> x, stream),
            "forEachAsync", stream -> pool.forEachAsync(x -> {}, stream));
    calls.forEach(
        (name, call) -> {
          Stream<Integer> used = Stream.of(1);
          assertThat(used.toList()).hasSize(1);
          assertThatThrownBy(() -> call.apply(used))
              .as(name)
              .isInstanceOf(IllegalStateException.class);
          assertThatThrownBy(() -> call.apply(null))
              .as(name)
              .isInstanceOf(NullPointerException.class)
              .hasMessage("items");
        });
    assertThatThrownBy(() -> pool.map(x -> x, Nothing.<Integer[]>nothing()))
        .isInstanceOf(NullPointerException.class);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aStreamOfARefusedCallIsLeftToItsOwner() throws Exception {
    Pool pool = pool(1);
    pool.shutdown();
    AtomicInteger closed = new AtomicInteger();
    try (Stream<Integer> stream = Stream.of(1).onClose(closed::incrementAndGet)) {
      assertThatExceptionOfType(RejectedExecutionException.class)
          .isThrownBy(() -> pool.mapAsync(x -> x, stream));
      assertThat(closed).hasValue(0);
    }
    assertThat(closed).hasValue(1);
  }

  @Test
  void outcomesOfAStreamAndOfAnArray() {
    Pool pool = pool(2);
    List<Integer> seen = new ArrayList<>();
    for (ItemOutcome<Integer, Integer> done : pool.imapOutcomes(x -> 6 / x, Stream.of(0, 1, 2))) {
      seen.add(done.item());
    }
    for (ItemOutcome<Integer, Integer> done : pool.imapOutcomes(x -> 6 / x, new Integer[] {0, 3})) {
      seen.add(done.item());
    }
    assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 0, 3);
  }

  @Test
  void aParallelStreamIsReadByOneThread() throws Exception {
    List<Integer> items = IntStream.range(0, 1000).boxed().toList();
    assertThat(pool(2).map(x -> x, items.parallelStream())).isEqualTo(items);
  }

  @Test
  void aStreamsOwnExceptionComesAfterTheItemsBefore() {
    ResultIterator<Integer> results = pool(1).imap(x -> x, Stream.of(3, 2, 0).map(x -> 6 / x));
    assertThat(results.next()).isEqualTo(2);
    assertThat(results.next()).isEqualTo(3);
    assertThatThrownBy(results::next)
        .isInstanceOf(ArithmeticException.class)
        .isNotInstanceOf(CompletionException.class);
  }
}
