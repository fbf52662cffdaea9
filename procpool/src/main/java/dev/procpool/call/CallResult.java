package dev.procpool.call;

import dev.procpool.AsyncResult;
import dev.procpool.guard.SafeText;
import dev.procpool.guard.Waits;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The caller's side of a {@link TableCall}. Thread-safe; all state is the call's.
 *
 * @param <R> the type of one item's value
 * @param <V> the type of the call's value
 */
abstract class CallResult<R, V> implements AsyncResult<V> {

  final TableCall<?, R> call;

  CallResult(TableCall<?, R> call) {
    this.call = call;
  }

  /** The value of a call that succeeded. */
  abstract V value();

  @Override
  public final V get() throws ExecutionException, InterruptedException {
    call.waiters().await().throwFailure();
    return value();
  }

  @Override
  public final V get(Duration timeout)
      throws ExecutionException, InterruptedException, TimeoutException {
    Completion completion = call.waiters().await(timeout);
    if (completion == null) {
      throw new TimeoutException(
          call
              + " is not complete after "
              + TimeUnit.MILLISECONDS.convert(timeout)
              + " ms; it goes on");
    }
    completion.throwFailure();
    return value();
  }

  @Override
  public final V get(long timeout, TimeUnit unit)
      throws ExecutionException, InterruptedException, TimeoutException {
    return get(Duration.ofNanos(unit.toNanos(timeout)));
  }

  @Override
  public final void await() throws InterruptedException {
    call.waiters().await();
  }

  @Override
  public final boolean await(Duration timeout) throws InterruptedException {
    return call.waiters().await(timeout) != null;
  }

  @Override
  public final boolean isReady() {
    return isDone();
  }

  @Override
  public final boolean isDone() {
    return call.waiters().completion() != null;
  }

  @Override
  public final boolean isCancelled() {
    Completion completion = call.waiters().completion();
    return completion != null && completion.isCancelled();
  }

  @Override
  public final boolean isSuccessful() {
    Completion completion = call.waiters().completion();
    if (completion == null) {
      throw new IllegalStateException(
          call + " is not complete: await() it before isSuccessful() is asked");
    }
    return completion.isSuccess();
  }

  @Override
  public final boolean cancel(boolean mayInterruptIfRunning) {
    return call.cancel(mayInterruptIfRunning);
  }

  @Override
  public AsyncResult<V> onSuccess(Consumer<? super V> callback) {
    Objects.requireNonNull(callback, "callback");
    call.waiters()
        .addCallback(
            () -> {
              if (call.waiters().whenDone().isSuccess()) {
                callback.accept(value());
              }
            });
    return this;
  }

  @Override
  public AsyncResult<V> onFailure(Consumer<? super Throwable> callback) {
    Objects.requireNonNull(callback, "callback");
    call.waiters()
        .addCallback(
            () -> {
              Throwable failure = call.waiters().whenDone().failure();
              if (failure != null) {
                callback.accept(failure);
              }
            });
    return this;
  }

  @Override
  public final CompletableFuture<V> toCompletableFuture() {
    CallFuture<V> future = CallFuture.of(call);
    Runnable delivery = () -> deliver(future); // made now: later there may be no memory for it
    call.waiters().addFuture(() -> Waits.untilDone(delivery));
    return future;
  }

  private void deliver(CallFuture<V> future) {
    Throwable failure = call.waiters().whenDone().failure();
    if (failure == null) {
      future.deliver(value(), null);
    } else {
      future.deliver(null, relayable(failure));
    }
  }

  /**
   * What a future's dependents can be told: the JDK asks an exception for its text when it passes
   * it on, and one that throws then would leave them waiting.
   */
  private static Throwable relayable(Throwable failure) {
    return SafeText.isPrintable(failure)
        ? failure
        : new ExecutionException(SafeText.of(failure), failure);
  }

  @Override
  public final String toString() {
    Completion completion = call.waiters().completion();
    return call
        + (completion == null
            ? ", running"
            : completion.isSuccess()
                ? ", succeeded"
                : completion.isCancelled()
                    ? ", cancelled"
                    : ", failed: " + SafeText.of(completion.failure()));
  }
}
