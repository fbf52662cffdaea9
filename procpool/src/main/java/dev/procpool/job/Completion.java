package dev.procpool.job;

import dev.procpool.PoolTerminatedException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/**
 * How a call completed. Immutable.
 *
 * @param failure the failure itself; null if every item succeeded. A call was cancelled if it is a
 *     {@link CancellationException}
 */
record Completion(Throwable failure) {

  static final Completion SUCCESS = new Completion(null);

  boolean isSuccess() {
    return failure == null;
  }

  boolean isCancelled() {
    return failure instanceof CancellationException;
  }

  /** Throws what {@code Future.get()} throws, with the caller's own stack trace. */
  void throwFailure() throws ExecutionException {
    if (failure instanceof CancellationException cancellation) {
      throw again(cancellation);
    }
    if (failure != null) {
      throw new ExecutionException(failure);
    }
  }

  /** A cancellation of the same kind that shows where it was met; the first one is its cause. */
  static CancellationException again(CancellationException first) {
    CancellationException fresh =
        first instanceof PoolTerminatedException
            ? new PoolTerminatedException(first.getMessage())
            : new CancellationException(first.getMessage());
    fresh.initCause(first);
    return fresh;
  }
}
