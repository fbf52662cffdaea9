package dev.procpool.call;

import dev.procpool.Outcome;
import dev.procpool.ResultIterator;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

/**
 * The consumer's side of a {@link StreamingCall}. Thread-safe; all state is the call's.
 *
 * <p>Nobody but the user holds it: once it is unreachable its call is closed, for nobody can
 * consume the rest. Hence the fences: a call must not be closed under a call that is the iterator's
 * last use.
 *
 * @param <R> the type of one value
 */
final class ResultStream<R> implements ResultIterator<R> {

  private final StreamingCall<?, R> call;
  private final Abandonment abandonment;

  ResultStream(StreamingCall<?, R> call) {
    this.call = call;
    this.abandonment = new Abandonment(this, call::close);
    call.callOffAtEnd(abandonment);
  }

  /** Ends the calls that wait for this very thread to consume, which is about to wait for them. */
  static void closeConsumedHere(Iterable<PoolCall<?, ?>> calls) {
    for (PoolCall<?, ?> call : calls) {
      if (call instanceof StreamingCall<?, ?> stream
          && stream.isConsumedBy(Thread.currentThread())) {
        stream.close();
      }
    }
  }

  @Override
  public boolean hasNext() {
    try {
      return call.awaitResult();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean hasReady() {
    try {
      return call.hasResultNow();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public R next() {
    return nextOutcome().valueOrThrow();
  }

  @Override
  public Outcome<R> nextOutcome() {
    return take(1).get(0);
  }

  @Override
  public List<Outcome<R>> nextOutcomes(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most must be at least 1, was " + most);
    }
    return take(most);
  }

  private List<Outcome<R>> take(int most) {
    try {
      return call.take(Deadline.NEVER, most);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (TimeoutException never) {
      throw new AssertionError(never);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public R next(Duration timeout) throws TimeoutException, InterruptedException {
    return nextOutcome(timeout).valueOrThrow();
  }

  @Override
  public Outcome<R> nextOutcome(Duration timeout) throws TimeoutException, InterruptedException {
    try {
      return call.take(Deadline.after(timeout), 1).get(0);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private CancellationException interrupted(InterruptedException e) {
    call.close();
    Thread.currentThread().interrupt();
    CancellationException cancelled =
        new CancellationException(call + " was cancelled: the thread that waited was interrupted");
    cancelled.initCause(e);
    return cancelled;
  }

  @Override
  public void cancelWaiting() {
    try {
      call.sourceEnded(null);
      call.cancelInBackend(false);
    } finally {
      Reference.reachabilityFence(this); // an abandoned call is cancelled
    }
  }

  @Override
  public void close() {
    call.close();
    abandonment.callOff();
  }

  @Override
  public String toString() {
    return "results of " + call;
  }
}
