package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.ItemOutcome;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolStats;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import dev.procpool.function.Tasks;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Items with their outcomes: {@code imapOutcomes}. */
public abstract class ItemOutcomeContract extends ContractTest {

  /** For subclasses. */
  protected ItemOutcomeContract() {}

  @Test
  void eachItemComesWithItsOutcome() {
    List<String> items =
        IntStream.range(0, 300).mapToObj(i -> i % 7 == 0 ? "x" + i : "" + i).toList();
    Map<String, Outcome<Integer>> outcomes = new HashMap<>();
    for (ItemOutcome<String, Integer> done : pool(2).imapOutcomes(Integer::parseInt, items)) {
      assertThat(outcomes.put(done.item(), done.outcome())).isNull();
    }
    assertThat(outcomes).hasSize(items.size());
    outcomes.forEach(
        (item, outcome) -> {
          assertThat(items.get((int) outcome.index())).isEqualTo(item);
          if (item.startsWith("x")) {
            assertThat(outcome.failure()).containsInstanceOf(NumberFormatException.class);
          } else {
            assertThat(outcome.valueOrThrow()).isEqualTo(Integer.parseInt(item));
          }
        });
  }

  @Test
  void theItemIsTheCallersOwnObject() {
    List<int[]> items = List.of(new int[] {1}, new int[] {2}, new int[] {3});
    Map<Object, Integer> sums = new IdentityHashMap<>();
    pool(2)
        .imapOutcomes((int[] x) -> x[0], items)
        .forEach(done -> sums.put(done.item(), done.outcome().orElse(-1)));
    assertThat(sums).hasSize(3);
    for (int[] item : items) {
      assertThat(sums.get(item)).isEqualTo(item[0]);
    }
  }

  @Test
  void aNullItemIsAnItem() {
    List<ItemOutcome<String, String>> given = new ArrayList<>();
    pool(1).imapOutcomes((String x) -> x, Arrays.asList("a", null)).forEachRemaining(given::add);
    assertThat(given).extracting(ItemOutcome::item).containsExactlyInAnyOrder("a", null);
    assertThat(given).allMatch(done -> done.outcome().isSuccess());
  }

  @Test
  void theyComeAsTheyAreReady() {
    FileLatch release = latch("release");
    ResultIterator<ItemOutcome<Integer, Integer>> results =
        pool(2)
            .imapOutcomes(
                x -> {
                  if (x == 0) {
                    release.await();
                  }
                  return x;
                },
                List.of(0, 1, 2));
    assertThat(List.of(results.next().item(), results.next().item()))
        .containsExactlyInAnyOrder(1, 2);
    release.countDown();
    assertThat(results.next().item()).isZero();
    assertThat(results.hasNext()).isFalse();
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(results::next);
  }

  @Test
  void anOutcomeOfAPairIsASuccess() throws Exception {
    ResultIterator<ItemOutcome<Integer, Integer>> results =
        pool(1).imapOutcomes(x -> 6 / x, List.of(0, 0));
    Outcome<ItemOutcome<Integer, Integer>> outcome = results.nextOutcome();
    assertThat(outcome.isSuccess()).isTrue();
    assertThat(outcome.attempts()).isEqualTo(1);
    ItemOutcome<Integer, Integer> pair = outcome.valueOrThrow();
    assertThat(pair.outcome().index()).isEqualTo(outcome.index());
    assertThat(pair.outcome().workerPid()).isEqualTo(outcome.workerPid());
    assertThat(pair.outcome().failure()).containsInstanceOf(ArithmeticException.class);
    assertThat(results.nextOutcome(BOUND).isSuccess()).isTrue();
  }

  @Test
  void aPairIsAwaitedAsLongAsIsSaid() throws Exception {
    FileLatch release = latch("release");
    ResultIterator<ItemOutcome<Integer, Integer>> results =
        pool(1)
            .imapOutcomes(
                x -> {
                  release.await();
                  return x;
                },
                List.of(7));
    assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> results.next(Duration.ZERO));
    release.countDown();
    assertThat(results.next(BOUND).item()).isEqualTo(7);
  }

  @Test
  void tuplesComeWithTheirOutcomes() {
    List<Args2<Integer, Integer>> items = List.of(Args.of(6, 2), Args.of(1, 0));
    Map<Object, Integer> found = new HashMap<>();
    pool(2)
        .imapOutcomes(Tasks.spread((Integer a, Integer b) -> a / b), items)
        .forEach(done -> found.put(done.item(), done.outcome().orElse(-1)));
    assertThat(found).containsEntry(items.get(0), 3).containsEntry(items.get(1), -1);
  }

  @Test
  void anEndlessSourceIsReadOnlyAsFarAsTheLookAheadAllows() {
    AtomicLong taken = new AtomicLong();
    Pool view = pool(2).with(TaskOptions.defaults().lookAhead(4));
    try (ResultIterator<ItemOutcome<Long, Long>> results =
        view.imapOutcomes(x -> x, Sources.endless(taken))) {
      for (int consumed = 1; consumed <= 200; consumed++) {
        ItemOutcome<Long, Long> done = results.next();
        assertThat(done.outcome().valueOrThrow()).isEqualTo(done.item());
        assertThat(taken.get()).isBetween((long) consumed, consumed + 4L);
      }
    }
  }

  @Test
  void closingCancelsTheRest() {
    FileLatch never = latch("never");
    ResultIterator<ItemOutcome<Integer, Integer>> results =
        pool(1)
            .imapOutcomes(
                x -> {
                  never.await();
                  return x;
                },
                List.of(1, 2));
    results.close();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(results::next);
  }

  @Test
  void theSizeOfAPlainCollectionIsKnown() throws Exception {
    Pool pool = pool(1);
    FileLatch release = latch("release");
    ResultIterator<ItemOutcome<Integer, Integer>> results =
        pool.imapOutcomes(
            x -> {
              release.await();
              return x;
            },
            List.of(1, 2, 3));
    List<PoolStats.Call> calls = pool.stats().calls();
    assertThat(calls).hasSize(1);
    assertThat(calls.get(0).total()).hasValue(3);
    release.countDown();
    assertThat(results.stream()).hasSize(3);
  }

  /** An item whose loss can be seen. */
  private record Held(byte[] bytes) implements java.io.Serializable {}

  @Test
  void anItemThatWasConsumedIsNotKept() throws Exception {
    Pool pool = pool(1);
    List<WeakReference<Held>> seen = new ArrayList<>();
    Iterable<Held> source =
        () ->
            IntStream.range(0, 20)
                .mapToObj(
                    i -> {
                      Held item = new Held(new byte[10]);
                      seen.add(new WeakReference<>(item));
                      return item;
                    })
                .iterator();
    ResultIterator<ItemOutcome<Held, Integer>> results =
        pool.with(TaskOptions.defaults().lookAhead(1)).imapOutcomes(x -> x.bytes().length, source);
    for (int i = 0; i < 10; i++) {
      results.next();
    }
    Eventually.until(
        "the first items are free",
        () -> {
          System.gc();
          return seen.get(0).get() == null && seen.get(7).get() == null;
        });
    results.close();
  }
}
