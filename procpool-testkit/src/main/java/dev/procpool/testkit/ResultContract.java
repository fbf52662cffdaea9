package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.procpool.AsyncResult;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Section 2 of the contract: what every {@link AsyncResult} does. */
public abstract class ResultContract extends ContractTest {

  /** For subclasses. */
  protected ResultContract() {}

  @Test
  void getWithALimitThrowsAndTheTaskGoesOn() throws Exception {
    FileLatch release = latch("release");
    AsyncResult<String> result = released(release);
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> result.get(Duration.ofMillis(20)));
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> result.get(20, TimeUnit.MILLISECONDS));
    assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> result.get(Duration.ZERO));
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> result.get(Duration.ofSeconds(-1)));
    release.countDown();
    assertThat(result.get(BOUND)).isEqualTo("released");
    assertThat(result.get(BOUND.toSeconds(), TimeUnit.SECONDS)).isEqualTo("released");
    assertThat(result.get(Duration.ZERO)).isEqualTo("released");
  }

  @Test
  void aLimitMayBeAsLongAsADurationGets() throws Exception {
    AsyncResult<Integer> result = pool(1).applyAsync(() -> 1);
    assertThat(result.get(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(1);
    assertThat(result.await(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
  }

  @Test
  void awaitWaitsForTheEndHoweverItCame() throws Exception {
    AsyncResult<Object> failing = failing();
    failing.await();
    assertThat(failing.isReady()).isTrue();
    FileLatch release = latch("release");
    AsyncResult<String> result = released(release);
    assertThat(result.await(Duration.ofMillis(20))).isFalse();
    assertThat(result.await(Duration.ZERO)).isFalse();
    release.countDown();
    assertThat(result.await(BOUND)).isTrue();
    assertThat(result.await(Duration.ZERO)).isTrue();
  }

  @Test
  void isReadyAndIsDoneTellWhetherTheCallIsComplete() throws Exception {
    FileLatch release = latch("release");
    AsyncResult<String> result = released(release);
    assertThat(result.isReady()).isFalse();
    assertThat(result.isDone()).isFalse();
    release.countDown();
    result.await();
    assertThat(result.isReady()).isTrue();
    assertThat(result.isDone()).isTrue();
    assertThat(result.isCancelled()).isFalse();
  }

  @Test
  void isSuccessfulThrowsWhileNotReady() throws Exception {
    FileLatch release = latch("release");
    AsyncResult<String> result = released(release);
    assertThatIllegalStateException().isThrownBy(result::isSuccessful);
    release.countDown();
    result.await();
    assertThat(result.isSuccessful()).isTrue();
    AsyncResult<Object> failing = failing();
    failing.await();
    assertThat(failing.isSuccessful()).isFalse();
  }

  @Test
  void getWrapsTheTasksOwnException() {
    AsyncResult<Object> failing = failing();
    for (int time = 1; time <= 2; time++) {
      assertThatExceptionOfType(ExecutionException.class)
          .as("call %s of get()", time)
          .isThrownBy(failing::get)
          .havingCause()
          .isExactlyInstanceOf(IOException.class)
          .withMessage("disk full");
    }
  }

  @Test
  void anInterruptedGetLeavesTheCallAlone() throws Exception {
    FileLatch release = latch("release");
    AsyncResult<String> result = released(release);
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(result::get);
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(result::await);
    release.countDown();
    assertThat(result.get()).isEqualTo("released");
  }

  @Test
  void toCompletableFutureCompletesWithTheValue() throws Exception {
    FileLatch release = latch("release");
    CompletableFuture<String> future = released(release).toCompletableFuture();
    assertThat(future).isNotDone();
    release.countDown();
    assertThat(future.thenApply(String::length).get()).isEqualTo("released".length());
  }

  @Test
  void toCompletableFutureCompletesWithTheTasksOwnException() {
    CompletableFuture<Object> future = failing().toCompletableFuture();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(future::get)
        .havingCause()
        .isExactlyInstanceOf(IOException.class)
        .withMessage("disk full");
  }

  @Test
  void cancellingTheCompletableFutureCancelsTheCall() throws Exception {
    FileLatch started = latch("started");
    FileLatch never = latch("never");
    AsyncResult<String> result =
        pool(1)
            .applyAsync(
                () -> {
                  started.countDown();
                  never.await();
                  return "released";
                });
    started.await();
    assertThat(result.toCompletableFuture().cancel(true)).isTrue();
    assertThat(result.await(BOUND)).isTrue();
    assertThat(result.isCancelled()).isTrue();
  }

  @Test
  void cancelCompletesTheCallAtOnce() throws Exception {
    FileLatch never = latch("never");
    AsyncResult<String> result = released(never);
    assertThat(result.cancel(true)).isTrue();
    assertThat(result.isCancelled()).isTrue();
    assertThat(result.isDone()).isTrue();
    assertThat(result.isSuccessful()).isFalse();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(result::get);
    assertThat(result.toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void cancelOfACompleteCallChangesNothing() throws Exception {
    AsyncResult<Integer> result = pool(1).applyAsync(() -> 1);
    result.await();
    assertThat(result.cancel(true)).isFalse();
    assertThat(result.isCancelled()).isFalse();
    assertThat(result.get()).isEqualTo(1);
  }

  private AsyncResult<String> released(FileLatch release) {
    return pool(1)
        .applyAsync(
            () -> {
              release.await();
              return "released";
            });
  }

  private AsyncResult<Object> failing() {
    return pool(1)
        .applyAsync(
            () -> {
              throw new IOException("disk full");
            });
  }
}
