package dev.procpool.call;

import dev.procpool.Outcome;
import dev.procpool.PoolTerminatedException;
import dev.procpool.guard.SafeText;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * How a call completed. Immutable.
 *
 * @param failure the failure itself; null if every item succeeded
 * @param isCancelled whether it failed because it, or its pool, was stopped; a task's own {@link
 *     CancellationException} is a failure like any other
 */
record Completion(@Nullable Throwable failure, boolean isCancelled) {

  static final Completion SUCCESS = new Completion(null, false);

  static Completion cancelled(CancellationException cause) {
    return new Completion(cause, true);
  }

  static Completion failed(Throwable failure) {
    return new Completion(failure, false);
  }

  /**
   * How a call completed that has ended: as its first item that failed, as told by its index.
   *
   * @param abortCause what ended the items that were out; null if nothing did
   * @param sourceError what the source threw, which the items after fail with; null if nothing
   */
  static Completion of(
      OutcomeTable<?> table,
      long total,
      @Nullable Throwable abortCause,
      @Nullable Throwable sourceError) {
    if (abortCause instanceof CancellationException cancellation) {
      return cancelled(cancellation);
    }
    long first = table.firstFailure();
    if (abortCause != null && table.firstMissing(total) < first) {
      return failed(abortCause);
    }
    if (first != Long.MAX_VALUE) {
      Outcome<?> outcome = Objects.requireNonNull(table.get(first));
      Throwable failure = outcome.failure().orElseThrow();
      return new Completion(failure, outcome instanceof Outcome.Cancelled);
    }
    Throwable end = sourceError != null ? sourceError : abortCause;
    return end == null ? SUCCESS : failed(end);
  }

  boolean isSuccess() {
    return failure == null;
  }

  /** Throws what {@code Future.get()} throws, with the caller's own stack trace. */
  void throwFailure() throws ExecutionException {
    if (isCancelled && failure instanceof CancellationException cancellation) {
      throw again(cancellation);
    }
    if (failure != null) {
      throw new ExecutionException(SafeText.of(failure), failure);
    }
  }

  /** A cancellation of the same kind that shows where it was met; the first one is its cause. */
  static CancellationException again(CancellationException first) {
    CancellationException fresh =
        first instanceof PoolTerminatedException
            ? new PoolTerminatedException(Objects.requireNonNullElse(SafeText.message(first), ""))
            : new CancellationException(SafeText.message(first));
    fresh.initCause(first);
    return fresh;
  }
}
