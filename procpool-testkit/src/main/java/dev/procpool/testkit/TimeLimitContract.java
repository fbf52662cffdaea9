package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.TaskOptions;
import dev.procpool.TaskTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Section 5 of the contract: a task that hangs, under {@link TaskOptions#timeout}. */
public abstract class TimeLimitContract extends ContractTest {

  private static final Duration SHORT = Duration.ofMillis(300);

  /** Where items have to get somewhere within it, on a busy machine, in a JVM that just started. */
  private static final Duration AMPLE = Duration.ofSeconds(2);

  /** For subclasses. */
  protected TimeLimitContract() {}

  @Test
  void anItemThatHangsIsTimedOutWithItsStackAndTheOthersKeepTheirResults() throws Exception {
    Pool pool = pool(2);
    FileLatch never = latch("never");
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().timeout(AMPLE).chunkSize(2))
            .mapAsync(x -> x == 2 ? hang(never) : x, List.of(0, 1, 2, 3, 4));
    List<Outcome<Integer>> outcomes = result.outcomes();
    assertThat(outcomes)
        .extracting(Outcome::isSuccess)
        .containsExactly(true, true, false, true, true);
    assertThat(outcomes.get(2)).isInstanceOf(Outcome.TimedOut.class);
    Outcome.TimedOut<Integer> timedOut = (Outcome.TimedOut<Integer>) outcomes.get(2);
    assertThat(timedOut.limit()).isEqualTo(AMPLE);
    assertThat(timedOut.attempts()).isEqualTo(1);
    assertThat(timedOut.duration()).isGreaterThanOrEqualTo(AMPLE);
    assertThat(timedOut.workerPid()).isPositive();
    assertThat(timedOut.stack()).extracting(StackTraceElement::getMethodName).contains("hang");
    assertThat(pool.apply(() -> 1)).as("the pool lives on").isEqualTo(1);
  }

  @Test
  void getFailsWithATaskTimeoutException() {
    FileLatch never = latch("never");
    Pool limited = pool(1).with(TaskOptions.defaults().timeout(AMPLE));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> limited.apply(TimeLimitContract::hang, never))
        .havingCause()
        .isExactlyInstanceOf(TaskTimeoutException.class)
        .withMessageContaining(AMPLE.toMillis() + " ms")
        .satisfies(
            failure -> {
              assertThat(((TaskTimeoutException) failure).limit()).isEqualTo(AMPLE);
              assertThat(failure.getStackTrace())
                  .extracting(StackTraceElement::getMethodName)
                  .contains("hang");
            });
  }

  @Test
  void aTaskThatSwallowsTheInterruptIsTimedOutAllTheSame() throws Exception {
    FileLatch never = latch("never");
    Pool limited = pool(1).with(TaskOptions.defaults().timeout(AMPLE));
    List<Outcome<Integer>> outcomes =
        limited
            .mapAsync(
                x -> {
                  if (x == 0) {
                    try {
                      hang(never);
                    } catch (InterruptedException e) {
                      return -1; // pretends that all is well
                    }
                  }
                  return x;
                },
                List.of(0, 1))
            .outcomes();
    assertThat(outcomes.get(0)).isInstanceOf(Outcome.TimedOut.class);
    assertThat(outcomes.get(1).valueOrThrow()).isEqualTo(1);
  }

  @Test
  void theClockOfAnItemStartsWhenTheItemStarts() throws Exception {
    // Together the items of the chunk run longer than the limit, each alone does not.
    Pool limited = pool(1).with(TaskOptions.defaults().timeout(AMPLE).chunkSize(5));
    List<Integer> results =
        limited.map(
            x -> {
              TimeUnit.MILLISECONDS.sleep(450);
              return x;
            },
            IntStream.range(0, 5).boxed().toList());
    assertThat(results).hasSize(5);
  }

  @Test
  void anItemOfAStreamThatHangsThrowsFromNextAndTheIterationGoesOn() {
    FileLatch never = latch("never");
    ResultIterator<Integer> results =
        pool(2)
            .with(TaskOptions.defaults().timeout(AMPLE))
            .imap(x -> x == 1 ? hang(never) : x, List.of(0, 1, 2));
    assertThat(results.next()).isZero();
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(results::next)
        .withCauseExactlyInstanceOf(TaskTimeoutException.class);
    assertThat(results.next()).isEqualTo(2);
  }

  @Test
  void withoutALimitATaskMayRunAsLongAsItLikes() throws Exception {
    Pool pool = pool(2);
    FileLatch never = latch("never");
    FileLatch release = latch("release");
    MapResult<Integer> unlimited =
        pool.mapAsync(
            x -> {
              release.await();
              return x;
            },
            List.of(7));
    Pool limited = pool.with(TaskOptions.defaults().timeout(SHORT));
    assertThat(limited.mapAsync(x -> hang(never), List.of(1)).outcomes().get(0))
        .isInstanceOf(Outcome.TimedOut.class);
    assertThat(unlimited.isReady()).isFalse();
    release.countDown();
    assertThat(unlimited.get()).containsExactly(7);
  }

  private static int hang(FileLatch never) throws Exception {
    never.await();
    throw new AssertionError("opened " + never);
  }
}
