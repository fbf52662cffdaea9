package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerContext;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Section 5 of the contract: at most once without a retry policy, counted attempts with one. */
public abstract class RetryContract extends ContractTest {

  /** For subclasses. */
  protected RetryContract() {}

  @Test
  void withoutAPolicyNoItemIsStartedTwice() throws Exception {
    FileLog starts = log("starts");
    List<Outcome<Integer>> outcomes =
        pool(2).mapAsync(x -> failing(starts, x), List.of(0, 1, 2)).outcomes();
    assertThat(outcomes).allMatch(outcome -> outcome instanceof Outcome.Failure);
    assertThat(outcomes).extracting(Outcome::attempts).containsOnly(1);
    assertThat(starts.lines()).containsExactlyInAnyOrder("0", "1", "2");
  }

  @Test
  void anItemIsTriedAgainUntilItSucceedsAndItsAttemptsAreCounted() throws Exception {
    FileLog attempts = log("attempts");
    List<Outcome<Integer>> outcomes =
        retrying(RetryPolicy.attempts(5))
            .mapAsync(
                x -> {
                  int attempt = WorkerContext.current().attempt();
                  attempts.add(x + ":" + attempt);
                  if (attempt <= x) {
                    throw new IOException("attempt " + attempt);
                  }
                  return 10 * x;
                },
                List.of(0, 1, 2))
            .outcomes();
    assertThat(outcomes).extracting(Outcome::valueOrThrow).containsExactly(0, 10, 20);
    assertThat(outcomes).extracting(Outcome::attempts).containsExactly(1, 2, 3);
    assertThat(attempts.lines())
        .containsExactlyInAnyOrder("0:1", "1:1", "1:2", "2:1", "2:2", "2:3");
  }

  @Test
  void afterTheLastAttemptTheItemFailsWithItsLastFailure() {
    FileLog starts = log("starts");
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> retrying(RetryPolicy.attempts(3)).apply(x -> failing(starts, x), 7))
        .havingCause()
        .isExactlyInstanceOf(IOException.class)
        .withMessage("attempt 3");
    assertThat(starts.lines()).containsExactly("7", "7", "7");
  }

  @Test
  void onlyTheNamedExceptionsAreTriedAgain() throws Exception {
    Pool retrying = retrying(RetryPolicy.attempts(2).on(IOException.class));
    List<Outcome<Object>> outcomes =
        retrying
            .mapAsync(
                x -> {
                  throw x == 0 ? new FileNotFoundException("a subclass") : new Exception("other");
                },
                List.of(0, 1))
            .outcomes();
    assertThat(outcomes).extracting(Outcome::attempts).containsExactly(2, 1);
  }

  @Test
  void aFailureIsNotTriedAgainWhereOnlyLostWorkersAre() throws Exception {
    FileLog starts = log("starts");
    List<Outcome<Integer>> outcomes =
        retrying(RetryPolicy.attempts(3).onWorkerLost())
            .mapAsync(x -> failing(starts, x), List.of(0))
            .outcomes();
    assertThat(outcomes.get(0).attempts()).isEqualTo(1);
    assertThat(starts.size()).isEqualTo(1);
  }

  @Test
  void anItemThatRanIntoItsTimeLimitIsTriedAgain() throws Exception {
    FileLatch never = latch("never");
    List<Outcome<Integer>> outcomes =
        pool(1)
            .with(
                TaskOptions.defaults()
                    .timeout(Duration.ofSeconds(2))
                    .retry(RetryPolicy.attempts(2).onTimeout()))
            .mapAsync(
                x -> {
                  if (WorkerContext.current().attempt() == 1) {
                    never.await();
                  }
                  return x;
                },
                List.of(3))
            .outcomes();
    assertThat(outcomes.get(0).valueOrThrow()).isEqualTo(3);
    assertThat(outcomes.get(0).attempts()).isEqualTo(2);
  }

  @Test
  void attemptsMayBeSpacedOut() throws Exception {
    List<Outcome<Integer>> outcomes =
        retrying(RetryPolicy.attempts(4).backoff(Duration.ofMillis(10), Duration.ofMillis(20)))
            .mapAsync(
                x -> {
                  int attempt = WorkerContext.current().attempt();
                  if (attempt < 4) {
                    throw new IOException("attempt " + attempt);
                  }
                  return x;
                },
                List.of(1, 2, 3))
            .outcomes();
    assertThat(outcomes).extracting(Outcome::valueOrThrow).containsExactly(1, 2, 3);
    assertThat(outcomes).extracting(Outcome::attempts).containsOnly(4);
  }

  @Test
  void anItemThatWaitsForItsNextAttemptHoldsNoWorkerAndCanBeCancelled() throws Exception {
    Pool pool = pool(1);
    FileLog starts = log("starts");
    var result =
        pool.with(
                TaskOptions.defaults()
                    .retry(
                        RetryPolicy.attempts(2).backoff(Duration.ofHours(1), Duration.ofHours(1))))
            .mapAsync(x -> failing(starts, x), List.of(0));
    Eventually.until("the first attempt has begun", () -> starts.size() == 1);
    assertThat(pool.apply(() -> 1)).as("the only worker is free").isEqualTo(1);
    assertThat(result.isReady()).isFalse();
    assertThat(result.cancel(true)).isTrue();
    Outcome<Integer> outcome = result.outcomes().get(0);
    assertThat(outcome).isInstanceOf(Outcome.Cancelled.class);
    assertThat(outcome.attempts()).as("it was started").isEqualTo(1);
    assertThat(outcome.workerPid()).as("where its last attempt ran").isPositive();
    assertThat(outcome.host()).isNotEmpty();
    assertThat(outcome.duration()).isPositive();
    pool.shutdown();
    assertThat(pool.join(BOUND)).isTrue();
  }

  @Test
  void anItemThatFailsAfterItsCallWasCancelledIsNotTriedAgainAndKeepsItsFailure() throws Exception {
    FileLog starts = log("starts");
    FileLatch begun = latch("begun");
    FileLatch release = latch("release");
    Pool pool = pool(1);
    var result =
        pool.with(TaskOptions.defaults().retry(RetryPolicy.attempts(3)))
            .mapAsync(
                x -> {
                  begun.countDown();
                  release.await();
                  return failing(starts, x);
                },
                List.of(0));
    begun.await();
    assertThat(result.cancel(false)).isTrue();
    release.countDown();
    Outcome<Integer> outcome = result.outcomes().get(0);
    assertThat(outcome).isInstanceOf(Outcome.Failure.class);
    assertThat(outcome.failure().orElseThrow()).hasMessage("attempt 1");
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
    assertThat(starts.size()).isEqualTo(1);
  }

  private Pool retrying(RetryPolicy policy) {
    return pool(2).with(TaskOptions.defaults().retry(policy));
  }

  private static int failing(FileLog starts, int x) throws IOException {
    starts.add(x);
    throw new IOException("attempt " + WorkerContext.current().attempt());
  }
}
