package dev.procpool.testkit;

import static dev.procpool.testkit.Nothing.nothing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.function.Action1;
import dev.procpool.function.Action2;
import dev.procpool.function.Args2;
import dev.procpool.function.Task0;
import dev.procpool.function.Task1;
import dev.procpool.function.Task2;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is refused at the call, with a message that names the option or the argument. */
public abstract class BadInputContract extends ContractTest {

  /** For subclasses. */
  protected BadInputContract() {}

  @Test
  void aPoolNeedsAtLeastOneWorker() {
    for (int workers : new int[] {0, -1, Integer.MIN_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pool(workers))
          .withMessageContaining("workers")
          .withMessageContaining(String.valueOf(workers));
    }
  }

  @Test
  void resizeNeedsAtLeastOneWorker() throws Exception {
    Pool pool = pool(1);
    for (int workers : new int[] {0, -1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pool.resize(workers))
          .withMessageContaining("workers")
          .withMessageContaining(String.valueOf(workers));
    }
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void sizesLimitsAndAttemptsMustBePositive() {
    for (int size : new int[] {0, -1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TaskOptions.defaults().chunkSize(size))
          .withMessageContaining("chunkSize")
          .withMessageContaining(String.valueOf(size));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TaskOptions.defaults().lookAhead(size))
          .withMessageContaining("lookAhead")
          .withMessageContaining(String.valueOf(size));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> RetryPolicy.attempts(size))
          .withMessageContaining("attempts")
          .withMessageContaining(String.valueOf(size));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TaskOptions.defaults().timeout(Duration.ofMillis(size)))
          .withMessageContaining("timeout");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> RetryPolicy.attempts(2).backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .withMessageContaining("backoff");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> RetryPolicy.attempts(2).backoff(Duration.ofSeconds(-1), Duration.ofSeconds(1)))
        .withMessageContaining("backoff");
  }

  @Test
  void aNullTaskIsRefusedAtTheCall() throws Exception {
    Pool pool = pool(1);
    List<Integer> items = List.of(1);
    List<Args2<Integer, Integer>> tuples = List.of(new Args2<>(1, 2));
    Task0<Integer> task0 = nothing();
    Task1<Integer, Integer> task1 = nothing();
    Task2<Integer, Integer, Integer> task2 = nothing();
    Action1<Integer> action1 = nothing();
    Action2<Integer, Integer> action2 = nothing();
    assertThatNullPointerException().isThrownBy(() -> pool.apply(task0));
    assertThatNullPointerException().isThrownBy(() -> pool.applyAsync(task1, 1));
    assertThatNullPointerException().isThrownBy(() -> pool.applyAsync(task2, 1, 2));
    assertThatNullPointerException().isThrownBy(() -> pool.map(task1, items));
    assertThatNullPointerException().isThrownBy(() -> pool.mapAsync(task1, items));
    assertThatNullPointerException().isThrownBy(() -> pool.starmapAsync(task2, tuples));
    assertThatNullPointerException().isThrownBy(() -> pool.imap(task1, items));
    assertThatNullPointerException().isThrownBy(() -> pool.imapUnordered(task1, items));
    assertThatNullPointerException().isThrownBy(() -> pool.istarmap(task2, tuples));
    assertThatNullPointerException().isThrownBy(() -> pool.forEachAsync(action1, items));
    assertThatNullPointerException().isThrownBy(() -> pool.starForEachAsync(action2, tuples));
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aNullSourceNullOptionsAndNullCallbacksAreRefusedAtTheCall() throws Exception {
    Pool pool = pool(1);
    assertThatNullPointerException()
        .isThrownBy(() -> pool.mapAsync(x -> x, Nothing.<Iterable<Integer>>nothing()));
    assertThatNullPointerException()
        .isThrownBy(() -> pool.imap(x -> x, Nothing.<Iterable<Integer>>nothing()));
    assertThatNullPointerException()
        .isThrownBy(() -> pool.imapUnordered(x -> x, Nothing.<Iterable<Integer>>nothing()));
    assertThatNullPointerException().isThrownBy(() -> pool.with(nothing()));
    MapResult<Integer> result = pool.mapAsync(x -> x, List.of(1));
    assertThatNullPointerException().isThrownBy(() -> result.onSuccess(nothing()));
    assertThatNullPointerException().isThrownBy(() -> result.onFailure(nothing()));
    assertThatNullPointerException().isThrownBy(() -> result.onOutcome(nothing()));
    assertThat(result.get()).containsExactly(1);
  }

  @Test
  void anEmptySourceGivesAnEmptyResultAtOnce() throws Exception {
    Pool pool = pool(1);
    FileLatch never = latch("never");
    pool.applyAsync(
        () -> {
          never.await();
          return nothing();
        });
    // The only worker is busy for good: an empty call must not need it.
    CompletableFuture<List<Integer>> called = new CompletableFuture<>();
    MapResult<Integer> result =
        pool.mapAsync(x -> x, List.<Integer>of()).onSuccess(called::complete);
    assertThat(result.await(BOUND)).isTrue();
    assertThat(result.get()).isEmpty();
    assertThat(result.outcomes()).isEmpty();
    assertThat(result.isSuccessful()).isTrue();
    assertThat(result.completed()).isZero();
    assertThat(result.total()).hasValue(0);
    assertThat(called.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isEmpty();
    assertThat(pool.map(x -> x, List.<Integer>of())).isEmpty();
    Iterable<Integer> unsized = () -> List.<Integer>of().iterator();
    assertThat(pool.map(x -> x, unsized)).isEmpty();
    pool.forEach(x -> {}, List.of());
    assertThat(pool.imapUnordered(x -> x, List.<Integer>of()).hasNext()).isFalse();
  }

  @Test
  void theListsOfResultsCannotBeUsedToChangeTheResult() throws Exception {
    MapResult<Integer> result = pool(1).mapAsync(x -> x, List.of(1, 2));
    attempt(() -> result.get().clear());
    attempt(() -> result.outcomes().clear());
    assertThat(result.get()).containsExactly(1, 2);
    assertThat(result.outcomes()).hasSize(2);
  }

  private interface Change {
    void make() throws Exception;
  }

  private static void attempt(Change change) throws Exception {
    try {
      change.make();
    } catch (UnsupportedOperationException e) {
      // refused: as good as a copy
    }
  }
}
