package dev.procpool.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Section 4 of the contract: what a {@link ResultIterator} gives. */
public abstract class StreamContract extends ContractTest {

  /** For subclasses. */
  protected StreamContract() {}

  @Test
  void imapGivesTheResultsInTheOrderOfTheItems() {
    List<Integer> items = IntStream.range(0, 500).boxed().toList();
    ResultIterator<Integer> results = pool(2).imap(x -> x + 1, items);
    assertThat(results.stream()).containsExactlyElementsOf(items.stream().map(x -> x + 1).toList());
  }

  @Test
  void imapKeepsTheOrderWhenALaterItemEndsFirst() {
    FileLatch second = latch("second");
    ResultIterator<Integer> results =
        pool(2)
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
  void imapUnorderedGivesTheResultsAsTheyCome() {
    FileLatch release = latch("release");
    ResultIterator<Integer> results =
        pool(2)
            .imapUnordered(
                x -> {
                  if (x == 0) {
                    release.await();
                  }
                  return x;
                },
                List.of(0, 1, 2, 3));
    List<Integer> given = new ArrayList<>(List.of(results.next(), results.next(), results.next()));
    assertThat(given).containsExactlyInAnyOrder(1, 2, 3);
    release.countDown();
    assertThat(results.next()).isZero();
    assertThat(results.hasNext()).isFalse();
  }

  @Test
  void imapUnorderedGivesEveryResultOnce() {
    List<Integer> items = IntStream.range(0, 500).boxed().toList();
    assertThat(pool(2).imapUnordered(x -> x, items).stream())
        .containsExactlyInAnyOrderElementsOf(items);
  }

  @Test
  void anEmptySourceGivesAnEmptyResultAtOnce() {
    ResultIterator<Integer> results = pool(1).imap(x -> x, List.<Integer>of());
    assertThat(results.hasNext()).isFalse();
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(results::next);
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> results.next(Duration.ZERO));
  }

  @Test
  void nullItemsAndNullResultsAreValues() {
    ResultIterator<Integer> results = pool(1).imap(x -> x, Arrays.asList(1, null, 3));
    assertThat(results.stream()).containsExactly(1, null, 3);
  }

  @Test
  void hasNextMayBeAskedRepeatedlyAndNextWithoutIt() {
    ResultIterator<Integer> results = pool(1).imap(x -> x, List.of(1, 2));
    assertThat(results.hasNext()).isTrue();
    assertThat(results.hasNext()).isTrue();
    assertThat(results.next()).isEqualTo(1);
    assertThat(results.next()).isEqualTo(2);
    assertThat(results.hasNext()).isFalse();
    assertThat(results.hasNext()).isFalse();
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(results::next);
  }

  @Test
  void aFailedItemThrowsFromNextAndTheIterationGoesOn() {
    ResultIterator<Integer> results = pool(2).imap(StreamContract::oddOnly, List.of(1, 2, 3));
    assertThat(results.next()).isEqualTo(1);
    assertThat(results.hasNext()).isTrue();
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(results::next)
        .havingCause()
        .isExactlyInstanceOf(IOException.class)
        .withMessage("2 is even");
    assertThat(results.next()).isEqualTo(3);
    assertThat(results.hasNext()).isFalse();
  }

  @Test
  void aFailedItemThrowsFromNextOfAnUnorderedIterationTooAndItGoesOn() {
    ResultIterator<Integer> results =
        pool(2).imapUnordered(StreamContract::oddOnly, List.of(1, 2, 3, 4));
    List<Object> seen = new ArrayList<>();
    while (results.hasNext()) {
      try {
        seen.add(results.next());
      } catch (CompletionException e) {
        seen.add(requireNonNull(e.getCause()).getMessage());
      }
    }
    assertThat(seen).containsExactlyInAnyOrder(1, "2 is even", 3, "4 is even");
  }

  @Test
  void nextWithALimitThrowsAndTheIterationCanGoOn() throws Exception {
    FileLatch release = latch("release");
    ResultIterator<Integer> results =
        pool(1)
            .imap(
                x -> {
                  release.await();
                  return x;
                },
                List.of(1, 2));
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> results.next(Duration.ofMillis(20)));
    assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> results.next(Duration.ZERO));
    release.countDown();
    assertThat(results.next(BOUND)).isEqualTo(1);
    assertThat(results.next(BOUND)).isEqualTo(2);
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> results.next(BOUND));
  }

  @Test
  void anInterruptedNextWithALimitLeavesTheIterationAlone() throws Exception {
    FileLatch release = latch("release");
    ResultIterator<Integer> results =
        pool(1)
            .imap(
                x -> {
                  release.await();
                  return x;
                },
                List.of(1));
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> results.next(BOUND));
    release.countDown();
    assertThat(results.next(BOUND)).isEqualTo(1);
  }

  @Test
  void anInterruptedHasNextCancelsTheCallAndSetsTheInterruptStatus() throws Exception {
    Pool pool = pool(1);
    FileLatch never = latch("never");
    ResultIterator<Integer> results =
        pool.imap(
            x -> {
              never.await();
              return x;
            },
            List.of(1));
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(results::hasNext);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(pool.apply(() -> 1)).as("the worker is free again").isEqualTo(1);
  }

  @Test
  void streamGivesTheRemainingResults() {
    ResultIterator<Integer> results = pool(2).imap(x -> x, List.of(1, 2, 3, 4));
    assertThat(results.next()).isEqualTo(1);
    try (Stream<Integer> rest = results.stream()) {
      assertThat(rest.isParallel()).isFalse();
      assertThat(rest.map(x -> x * x)).containsExactly(4, 9, 16);
    }
  }

  @Test
  void closingTheStreamClosesTheIterator() {
    FileLatch never = latch("never");
    ResultIterator<Integer> results =
        pool(1)
            .imap(
                x -> {
                  never.await();
                  return x;
                },
                List.of(1, 2));
    results.stream().close();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(results::next);
  }

  @Test
  void closingCancelsTheRestAndLeavesThePoolUsable() throws Exception {
    Pool pool = pool(1);
    FileLog started = log("started");
    FileLatch never = latch("never");
    ResultIterator<Integer> results =
        pool.with(TaskOptions.defaults().chunkSize(1))
            .imap(
                x -> {
                  started.add(x);
                  if (x > 0) {
                    never.await();
                  }
                  return x;
                },
                List.of(0, 1, 2, 3));
    assertThat(results.next()).isZero();
    Eventually.until("item 1 has started", () -> started.size() == 2);
    results.close();
    results.close();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(results::next);
    assertThat(pool.apply(() -> 1)).as("the worker is free again").isEqualTo(1);
    assertThat(started.lines()).containsExactly("0", "1");
  }

  @Test
  void closingWakesAWaitingConsumer() throws Exception {
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    ResultIterator<Integer> results =
        pool(1)
            .imap(
                x -> {
                  started.countDown();
                  never.await();
                  return x;
                },
                List.of(1));
    Background<Integer> consumer = Background.of(results::next);
    started.await();
    results.close();
    assertThat(consumer.failure()).isInstanceOf(CancellationException.class);
  }

  @Test
  void anIterationBegunBeforeShutdownCanBeReadToItsEnd() throws Exception {
    Pool pool = pool(2);
    List<Integer> items = IntStream.range(0, 100).boxed().toList();
    ResultIterator<Integer> results =
        pool.with(TaskOptions.defaults().lookAhead(4)).imap(x -> x, items);
    assertThat(results.next()).isZero();
    pool.shutdown();
    assertThat(results.stream()).containsExactlyElementsOf(items.subList(1, 100));
    assertThat(pool.join(BOUND)).isTrue();
  }

  @Test
  void terminateEndsAnIteration() throws Exception {
    Pool pool = pool(1);
    FileLatch never = latch("never");
    ResultIterator<Integer> results =
        pool.imap(
            x -> {
              never.await();
              return x;
            },
            List.of(1, 2));
    Background<Integer> consumer = Background.of(results::next);
    pool.terminate();
    assertThat(consumer.failure()).isInstanceOf(CancellationException.class);
  }

  private static int oddOnly(int x) throws IOException {
    if (x % 2 == 0) {
      throw new IOException(x + " is even");
    }
    return x;
  }

  @Test
  void resultsAreIterable() {
    int sum = 0;
    for (int x : pool(2).imap(x -> x * x, List.of(1, 2, 3))) {
      sum += x;
    }
    assertThat(sum).isEqualTo(14);
    ResultIterator<Integer> results = pool(1).imap(x -> x, List.of(1, 2, 3));
    assertThat(results.next()).isEqualTo(1);
    List<Integer> rest = new ArrayList<>();
    results.forEach(rest::add);
    assertThat(rest).as("it goes on where it was").containsExactly(2, 3);
    assertThat(results.iterator().hasNext()).isFalse();
  }

  @Test
  void anOutcomeIsAwaitedAsLongAsIsSaid() throws Exception {
    FileLatch release = latch("release");
    ResultIterator<Integer> results =
        pool(1)
            .imap(
                x -> {
                  release.await();
                  return 6 / x;
                },
                List.of(0, 2));
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> results.nextOutcome(Duration.ZERO))
        .withMessageContaining("the iteration can go on");
    release.countDown();
    assertThat(results.nextOutcome(BOUND).failure()).containsInstanceOf(ArithmeticException.class);
    assertThat(results.nextOutcome(BOUND).valueOrThrow()).isEqualTo(3);
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> results.nextOutcome(BOUND));
  }
}
