package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sections 4 and 7 of the contract: how far the source is read, and what it may do. */
public abstract class SourceContract extends ContractTest {

  /** For subclasses. */
  protected SourceContract() {}

  @Test
  void anEndlessSourceIsReadOnlyAsFarAsTheLookAheadAllows() {
    checkLookAhead(1, false);
    checkLookAhead(4, false);
  }

  @Test
  void anEndlessSourceIsReadOnlyAsFarAsTheLookAheadAllowsWhenUnordered() {
    checkLookAhead(1, true);
    checkLookAhead(4, true);
  }

  private void checkLookAhead(int lookAhead, boolean unordered) {
    AtomicLong taken = new AtomicLong();
    Pool view = pool(2).with(TaskOptions.defaults().lookAhead(lookAhead));
    try (ResultIterator<Long> results =
        unordered
            ? view.imapUnordered(x -> x, Sources.endless(taken))
            : view.imap(x -> x, Sources.endless(taken))) {
      for (int consumed = 1; consumed <= 500; consumed++) {
        results.next();
        assertThat(taken.get())
            .as("items taken from the source after %s were consumed", consumed)
            .isBetween((long) consumed, (long) consumed + lookAhead);
      }
    }
  }

  @Test
  void aSourceIsNotReadBeyondTheLookAheadWhileNobodyConsumes() throws Exception {
    Pool pool = pool(2);
    FileLog runs = log("runs");
    AtomicLong taken = new AtomicLong();
    ResultIterator<Long> results =
        pool.with(TaskOptions.defaults().lookAhead(5).chunkSize(1))
            .imap(
                x -> {
                  runs.add(x);
                  return x;
                },
                Sources.endless(taken));
    Eventually.until("the look-ahead is used", () -> runs.size() == 5);
    // Work that was free to run meanwhile: had there been credit, the source would have been read.
    pool.map(x -> x, IntStream.range(0, 100).boxed().toList());
    assertThat(taken).hasValue(5);
    assertThat(runs.size()).isEqualTo(5);
    results.close();
  }

  @Test
  void theLookAheadLetsTheWorkersRunAtOnce() {
    FileLatch second = latch("second");
    ResultIterator<Integer> results =
        pool(2)
            .with(TaskOptions.defaults().lookAhead(2))
            .imap(
                x -> {
                  if (x == 0) {
                    second.await();
                  } else {
                    second.countDown();
                  }
                  return x;
                },
                List.of(0, 1));
    assertThat(results.stream()).containsExactly(0, 1);
  }

  @Test
  void anEndlessSourceRunsWithTheDefaultOptions() {
    AtomicLong taken = new AtomicLong();
    try (ResultIterator<Long> results = pool(2).imap(x -> 2 * x, Sources.endless(taken))) {
      for (long i = 0; i < 3000; i++) {
        assertThat(results.next()).isEqualTo(2 * i);
      }
    }
    assertThat(taken.get()).isLessThan(100_000);
  }

  @Test
  void closingStopsReadingTheSource() throws Exception {
    Pool pool = pool(1);
    AtomicLong taken = new AtomicLong();
    ResultIterator<Long> results = pool.imap(x -> x, Sources.endless(taken));
    results.next();
    results.close();
    pool.shutdown();
    assertThat(pool.join(BOUND)).as("the pool ends although the source has no end").isTrue();
  }

  @Test
  void theSourcesExceptionComesAsItselfAfterTheResultsBeforeIt() {
    RuntimeException failure = new IllegalStateException("the source broke");
    List<Iterable<Integer>> sources =
        List.of(
            Sources.throwingFromHasNext(List.of(1, 2), failure),
            Sources.throwingFromNext(List.of(1, 2), failure));
    for (Iterable<Integer> source : sources) {
      ResultIterator<Integer> results = pool(2).imap(x -> x, source);
      assertThat(results.next()).isEqualTo(1);
      assertThat(results.next()).isEqualTo(2);
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(results::next)
          .isSameAs(failure);
    }
  }

  @Test
  void aSourceThatInterruptsItsThreadIsReadToItsEnd() throws Exception {
    Iterable<Integer> interrupting =
        () ->
            IntStream.range(0, 20)
                .mapToObj(
                    x -> {
                      Thread.currentThread().interrupt();
                      return x;
                    })
                .iterator();
    List<Integer> all = IntStream.range(0, 20).boxed().toList();
    Pool pool = pool(1);
    assertThat(pool.mapAsync(x -> x, interrupting).get(BOUND)).isEqualTo(all);
    try (ResultIterator<Integer> results =
        pool.with(TaskOptions.defaults().lookAhead(2)).imap(x -> x, interrupting)) {
      for (int x : all) {
        assertThat(results.next(BOUND)).isEqualTo(x);
      }
      assertThat(results.hasNext()).isFalse();
    }
    assertThat(pool.map(x -> Thread.currentThread().isInterrupted(), interrupting))
        .as("tasks see nothing of it")
        .doesNotContain(true);
  }

  @Test
  void theSourcesExceptionComesFromHasNextToo() {
    RuntimeException failure = new IllegalStateException("the source broke");
    ResultIterator<Integer> results =
        pool(2).imapUnordered(x -> x, Sources.throwingFromHasNext(List.of(1), failure));
    assertThat(results.hasNext()).isTrue();
    assertThat(results.next()).isEqualTo(1);
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(results::hasNext)
        .isSameAs(failure);
  }

  @Test
  void theExceptionOfASourcesIteratorMethodComesAsItself() {
    RuntimeException failure = new IllegalStateException("no iterator");
    Iterable<Integer> source =
        () -> {
          throw failure;
        };
    Pool pool = pool(1);
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> pool.imap(x -> x, source).next())
        .isSameAs(failure);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.map(x -> x, source))
        .havingCause()
        .isSameAs(failure);
  }

  @Test
  void mapFailsWithTheSourcesExceptionAfterTheItemsBeforeItHaveEnded() throws Exception {
    Pool pool = pool(2);
    FileLog runs = log("runs");
    RuntimeException failure = new IllegalStateException("the source broke");
    CompletableFuture<Throwable> seen = new CompletableFuture<>();
    MapResult<Integer> result =
        pool.mapAsync(
                x -> {
                  runs.add(x);
                  return x;
                },
                Sources.throwingFromNext(List.of(1, 2, 3), failure))
            .onFailure(seen::complete);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(result::get)
        .havingCause()
        .isSameAs(failure);
    assertThat(runs.lines()).containsExactlyInAnyOrder("1", "2", "3");
    assertThat(seen.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isSameAs(failure);
    assertThat(result.isSuccessful()).isFalse();
    assertThat(result.outcomes().subList(0, 3))
        .extracting(outcome -> outcome.valueOrThrow())
        .containsExactly(1, 2, 3);
    assertThat(pool.apply(() -> 1)).as("the pool lives on").isEqualTo(1);
  }

  @Test
  void anErrorOfTheSourceReachesTheCallerToo() {
    Error failure = new AssertionError("the source broke");
    Iterable<Integer> source =
        () -> {
          throw failure;
        };
    Pool pool = pool(1);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.map(x -> x, source))
        .havingCause()
        .isSameAs(failure);
  }

  @Test
  void aSourceThatBlocksHoldsUpNoOtherCall() throws Exception {
    Pool pool = pool(1);
    CountDownLatch more = new CountDownLatch(1);
    MapResult<Integer> blocked = pool.mapAsync(x -> x, Sources.blockingAt(1, more, List.of(1, 2)));
    assertThat(pool.map(x -> x, List.of(3, 4))).containsExactly(3, 4);
    assertThat(blocked.isReady()).isFalse();
    more.countDown();
    assertThat(blocked.get()).containsExactly(1, 2);
  }

  @Test
  void aSourceThatBlocksHoldsUpNoTermination() throws Exception {
    Pool pool = pool(1);
    CountDownLatch never = new CountDownLatch(1);
    MapResult<Integer> blocked = pool.mapAsync(x -> x, Sources.blockingAt(1, never, List.of(1, 2)));
    pool.terminate();
    assertThat(blocked.await(BOUND)).isTrue();
    assertThat(pool.join(BOUND)).isTrue();
  }

  @Test
  void aSourceMayUseThePoolItself() throws Exception {
    Pool pool = pool(1);
    Iterable<Integer> source =
        () ->
            IntStream.range(0, 3)
                .mapToObj(
                    i -> {
                      int[] doubled = new int[1];
                      Interruption.rethrown(
                          () -> doubled[0] = pool.<Integer, Integer>apply(x -> 2 * x, i));
                      return doubled[0];
                    })
                .iterator();
    assertThat(pool.map(x -> x + 1, source)).containsExactly(1, 3, 5);
  }
}
