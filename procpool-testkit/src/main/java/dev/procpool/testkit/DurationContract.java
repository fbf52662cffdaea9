package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.OnClose;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.TaskTimeoutException;
import java.io.Serializable;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Any duration may be given: a very long one means for ever, a negative one not at all. */
public abstract class DurationContract extends ContractTest {

  private static final Duration CENTURIES = Duration.ofNanos(Long.MAX_VALUE);

  /** What is tried with each of several durations. */
  private interface Trial {
    void with(Duration duration) throws Exception;
  }

  private int latches;

  /** For subclasses. */
  protected DurationContract() {}

  /**
   * Gives durations that are as good as for ever.
   *
   * @return durations, some of which no {@code long} can hold in nanoseconds or milliseconds
   */
  protected static List<Duration> forever() {
    return List.of(
        CENTURIES.minusNanos(1),
        CENTURIES,
        CENTURIES.plusNanos(1),
        Duration.ofMillis(Long.MAX_VALUE),
        Duration.ofSeconds(Long.MAX_VALUE),
        ChronoUnit.FOREVER.getDuration());
  }

  /**
   * Gives durations that are over at once.
   *
   * @return none of them positive, but the last
   */
  protected static List<Duration> none() {
    return List.of(
        Duration.ofSeconds(Long.MIN_VALUE),
        CENTURIES.negated().minusNanos(2),
        CENTURIES.negated(),
        Duration.ofNanos(-1),
        Duration.ZERO,
        Duration.ofNanos(1));
  }

  @Test
  void aTimeLimitForEverIsNone() throws Exception {
    each(forever(), this::aTimeLimitForEverIsNoneWith);
  }

  private void aTimeLimitForEverIsNoneWith(Duration forever) throws Exception {
    Pool pool = pool(1);
    Pool limited = pool.withTimeout(forever);
    assertThat(limited.map(x -> x + 1, List.of(1, 2))).containsExactly(2, 3);
    assertThat(limited.apply(() -> 1)).isEqualTo(1);
    TaskOptions patient = TaskOptions.defaults().stallTimeout(forever).cpuTimeout(forever);
    assertThat(pool.with(patient).map(x -> x + 1, List.of(1, 2))).containsExactly(2, 3);
    assertThat(pool.with(patient.timeout(forever)).apply(() -> 1)).isEqualTo(1);
    // a limit that does end, between two that do not
    FileLatch never = latch("never-" + ++latches);
    Pool shortly = pool.with(TaskOptions.defaults().timeout(Duration.ofMillis(300)));
    List<Outcome<Integer>> timedOut =
        shortly.mapAsync(latch -> hang(latch), List.of(never)).outcomes();
    assertThat(timedOut.get(0)).isInstanceOf(Outcome.TimedOut.class);
    assertThat(limited.map(x -> x + 1, List.of(1, 2))).containsExactly(2, 3);
    // what runs under it can be stopped
    FileLatch started = latch("started-" + ++latches);
    AsyncResult<Integer> running = limited.applyAsync(DurationContract::hang, started, never);
    started.await();
    assertThat(running.cancel(true)).isTrue();
    assertThat(pool.apply(() -> 2)).as("the pool lives on").isEqualTo(2);
  }

  @Test
  void aBackoffForEverIsOneToCancel() throws Exception {
    each(forever(), this::aBackoffForEverIsOneToCancelWith);
  }

  private void aBackoffForEverIsOneToCancelWith(Duration forever) throws Exception {
    Pool pool = pool(1);
    for (Duration first : List.of(forever, forever.dividedBy(2).plusSeconds(1))) {
      long retries = pool.stats().totals().retries();
      RetryPolicy policy = RetryPolicy.attempts(3).backoff(first, forever);
      MapResult<Integer> waiting =
          pool.with(TaskOptions.defaults().retry(policy))
              .mapAsync(
                  x -> {
                    throw new IllegalStateException("fails");
                  },
                  List.of(1));
      Eventually.until( // before that it may fail for good
          "it waits for its next attempt", () -> pool.stats().totals().retries() > retries);
      assertThat(pool.apply(() -> 1)).isEqualTo(1);
      assertThat(waiting.isDone()).isFalse();
      waiting.cancel(true);
      assertThat(waiting.outcomes().get(0)).isInstanceOf(Outcome.Cancelled.class);
    }
    assertThat(pool.apply(() -> 2)).as("the pool lives on").isEqualTo(2);
  }

  @Test
  void aBackoffIsNeverLongerThanItsLongest() throws Exception {
    each(forever(), this::aBackoffIsNeverLongerThanItsLongestWith);
  }

  private void aBackoffIsNeverLongerThanItsLongestWith(Duration forever) throws Exception {
    for (Duration first : List.of(forever, forever.dividedBy(2).plusNanos(1), forever)) {
      RetryPolicy policy = RetryPolicy.attempts(9).backoff(first, forever);
      assertThat(policy.delay(1)).isEqualTo(first);
      assertThat(policy.delay(2)).isEqualTo(forever);
      assertThat(policy.delay(Integer.MAX_VALUE)).isEqualTo(forever);
    }
    assertThat(RetryPolicy.attempts(9).backoff(Duration.ofNanos(1), forever).delay(4))
        .isEqualTo(Duration.ofNanos(8));
    assertThat(
            RetryPolicy.attempts(9).backoff(Duration.ofNanos(1), forever).delay(Integer.MAX_VALUE))
        .isEqualTo(forever);
    assertThat(RetryPolicy.attempts(9).backoff(Duration.ZERO, forever).delay(Integer.MAX_VALUE))
        .isZero();
  }

  @Test
  void waitsForEverEndWithTheirResult() throws Exception {
    each(forever(), this::waitsForEverEndWithTheirResultWith);
  }

  private void waitsForEverEndWithTheirResultWith(Duration forever) throws Exception {
    Pool pool = pool(1);
    FileLatch go = latch("go-" + ++latches);
    MapResult<Integer> result = pool.mapAsync(latch -> opened(latch), List.of(go));
    Background<Integer> got = Background.of(() -> result.get(forever).get(0));
    Background<Boolean> awaited = Background.of(() -> result.await(forever));
    Background<Integer> listed = Background.of(() -> result.outcomes(forever).size());
    Background<Integer> inUnits =
        Background.of(() -> result.get(Long.MAX_VALUE, TimeUnit.DAYS).get(0));
    go.countDown();
    assertThat(got.value()).isEqualTo(1);
    assertThat(awaited.value()).isTrue();
    assertThat(listed.value()).isEqualTo(1);
    assertThat(inUnits.value()).isEqualTo(1);
    try (ResultIterator<Integer> results = pool.imap(x -> x, List.of(1, 2))) {
      assertThat(results.next(forever)).isEqualTo(1);
      assertThat(results.nextOutcome(forever).valueOrThrow()).isEqualTo(2);
    }
    ExecutorService executor = pool.asExecutorService();
    List<Callable<Integer>> tasks = List.of((Callable<Integer> & Serializable) () -> 1);
    assertThat(executor.invokeAll(tasks, Long.MAX_VALUE, TimeUnit.DAYS).get(0).get()).isEqualTo(1);
    assertThat(executor.invokeAny(tasks, Long.MAX_VALUE, TimeUnit.DAYS)).isEqualTo(1);
    executor.shutdown();
    assertThat(executor.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
    assertThat(pool.join(forever)).isTrue();
  }

  @Test
  void waitsThatAreOverAtOnceGiveUp() throws Exception {
    each(none(), this::waitsThatAreOverAtOnceGiveUpWith);
  }

  private void waitsThatAreOverAtOnceGiveUpWith(Duration none) throws Exception {
    Pool pool = pool(1);
    FileLatch never = latch("never-" + ++latches);
    MapResult<Integer> result = pool.mapAsync(latch -> hang(latch), List.of(never));
    assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> result.get(none));
    assertThat(result.await(none)).isFalse();
    assertThat(result.outcomes(none).get(0)).isInstanceOf(Outcome.Pending.class);
    try (ResultIterator<Integer> results = pool.imap(latch -> hang(latch), List.of(never))) {
      assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> results.next(none));
      assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> results.nextOutcome(none));
    }
    pool.shutdown();
    assertThat(pool.join(none)).isFalse();
    for (long units : new long[] {Long.MIN_VALUE, -1, 0}) {
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> result.get(units, TimeUnit.DAYS));
      assertThat(pool.asExecutorService().awaitTermination(units, TimeUnit.DAYS)).isFalse();
    }
  }

  @Test
  void closingWithinForEverWaitsForWhatRuns() throws Exception {
    each(forever(), this::closingWithinForEverWaitsForWhatRunsWith);
  }

  private void closingWithinForEverWaitsForWhatRunsWith(Duration forever) throws Exception {
    Pool pool = pool(1);
    FileLatch go = latch("go-" + ++latches);
    AsyncResult<Integer> result = pool.applyAsync(DurationContract::opened, go);
    Background<Boolean> closed =
        Background.of(
            () -> {
              pool.close(forever);
              return true;
            });
    assertThat(result.await(Duration.ofMillis(50))).isFalse();
    go.countDown();
    assertThat(closed.value()).isTrue();
    assertThat(result.get()).isEqualTo(1);
    assertThat(OnClose.joinAtMost(forever).limit()).contains(forever);
  }

  @Test
  void theShortestTimeLimitHarmsNobodyElse() throws Exception {
    Pool pool = pool(1);
    FileLatch never = latch("never-" + ++latches);
    Duration shortest = Duration.ofNanos(1);
    for (TaskOptions limited :
        List.of(
            TaskOptions.defaults().timeout(shortest),
            TaskOptions.defaults().stallTimeout(shortest))) {
      List<Outcome<Integer>> outcomes =
          pool.with(limited).mapAsync(latch -> hang(latch), List.of(never, never)).outcomes();
      assertThat(outcomes).allMatch(outcome -> outcome instanceof Outcome.TimedOut);
    }
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aMessageTellsAnyLimit() throws Exception {
    each(forever(), this::aMessageTellsAnyLimitWith);
  }

  private void aMessageTellsAnyLimitWith(Duration forever) throws Exception {
    assertThat(new TaskTimeoutException(7, forever, List.of()))
        .hasMessageContaining("item 7 ran longer than its time limit of ");
  }

  private static void each(List<Duration> durations, Trial trial) {
    for (Duration duration : durations) {
      try {
        trial.with(duration);
      } catch (Throwable e) {
        throw new AssertionError("with " + duration + ": " + e, e);
      }
    }
  }

  private static int opened(FileLatch latch) throws Exception {
    latch.await();
    return 1;
  }

  private static int hang(FileLatch started, FileLatch never) throws Exception {
    started.countDown();
    return hang(never);
  }

  private static int hang(FileLatch never) throws Exception {
    never.await();
    return 0;
  }
}
