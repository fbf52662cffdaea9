package dev.procpool.call;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call as a {@link CompletableFuture}, or a stage made from one.
 *
 * <p>Who cancels the future, or completes it before the call does, as {@code orTimeout} and
 * Kotlin's {@code await()} do, no longer wants the call: it is cancelled, running item and all. Who
 * does the same to a stage made from it gives up that stage; once nobody who can be seen waits for
 * the future any more, the call is cancelled, too.
 *
 * <p>Thread-safe, as its superclass. The public methods that complete it are for others; the call
 * uses {@link #deliver}, and a stage is completed within the superclass.
 *
 * @param <T> the type of the value
 */
final class CallFuture<T> extends CompletableFuture<T> {

  private final CallInterest interest;

  /** The thread that has the superclass set up a time limit, which waits for nothing itself. */
  private volatile @Nullable Thread timing;

  private CallFuture(CallInterest interest) {
    this.interest = interest;
  }

  static <V> CallFuture<V> of(TableCall<?, ?> call) {
    CallInterest interest = new CallInterest(call);
    CallFuture<V> future = new CallFuture<>(interest);
    interest.watch(future);
    return future;
  }

  /** Completes the future of a call with its value or its failure. */
  void deliver(@Nullable T value, @Nullable Throwable failure) {
    interest.end();
    if (failure == null) {
      super.complete(value);
    } else {
      super.completeExceptionally(failure);
    }
  }

  // ---------------------------------------------------------------- given up from outside

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean wasDone = isDone();
    boolean isCancelled = super.cancel(mayInterruptIfRunning);
    if (!wasDone) {
      interest.giveUp(true);
    }
    return isCancelled;
  }

  @Override
  public boolean complete(T value) {
    return givenUp(super.complete(value));
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return givenUp(super.completeExceptionally(failure));
  }

  @Override
  public void obtrudeValue(T value) {
    boolean wasDone = isDone();
    super.obtrudeValue(value);
    givenUp(!wasDone);
  }

  @Override
  public void obtrudeException(Throwable failure) {
    boolean wasDone = isDone();
    super.obtrudeException(failure);
    givenUp(!wasDone);
  }

  private boolean givenUp(boolean isNow) {
    if (isNow) {
      interest.giveUp(false);
    }
    return isNow;
  }

  /** As the superclass does, which would complete this unseen. */
  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    Objects.requireNonNull(supplier, "supplier");
    executor.execute(
        () -> {
          if (!isDone()) {
            try {
              complete(supplier.get());
            } catch (Throwable e) {
              completeExceptionally(e);
            }
          }
        });
    return this;
  }

  // ---------------------------------------------------------------- stages

  @Override
  public CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
    timing = Thread.currentThread();
    try {
      return super.orTimeout(timeout, unit);
    } finally {
      timing = null;
    }
  }

  @Override
  public CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
    timing = Thread.currentThread();
    try {
      return super.completeOnTimeout(value, timeout, unit);
    } finally {
      timing = null;
    }
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    if (timing == Thread.currentThread()) {
      interest.addTimer();
      return new CompletableFuture<>();
    }
    return isDone() ? new CompletableFuture<>() : new CallFuture<>(interest.ofStage());
  }
}
