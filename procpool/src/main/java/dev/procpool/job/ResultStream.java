package dev.procpool.job;

import dev.procpool.Outcome;
import dev.procpool.ResultIterator;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

/**
 * The consumer's side of a {@link StreamingJob}. Thread-safe; all state is the job's.
 *
 * <p>Nobody but the user holds it: once it is unreachable its job is closed, for nobody can consume
 * the rest. Hence the fences: a job must not be closed under a call that is the iterator's last
 * use.
 *
 * @param <R> the type of one value
 */
final class ResultStream<R> implements ResultIterator<R> {

  private final StreamingJob<?, R> job;
  private final Abandonment abandonment;

  ResultStream(StreamingJob<?, R> job) {
    this.job = job;
    this.abandonment = new Abandonment(this, job::close);
    job.callOffAtEnd(abandonment);
  }

  @Override
  public boolean hasNext() {
    try {
      return job.awaitResult();
    } catch (InterruptedException e) {
      throw interrupted(e);
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
    try {
      return job.take(Deadline.NEVER);
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
      return job.take(Deadline.after(timeout));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private CancellationException interrupted(InterruptedException e) {
    job.close();
    Thread.currentThread().interrupt();
    CancellationException cancelled =
        new CancellationException(job + " was cancelled: the thread that waited was interrupted");
    cancelled.initCause(e);
    return cancelled;
  }

  @Override
  public void cancelWaiting() {
    try {
      job.sourceEnded(null);
      job.cancelInBackend(false);
    } finally {
      Reference.reachabilityFence(this); // an abandoned call is cancelled
    }
  }

  @Override
  public void close() {
    job.close();
    abandonment.callOff();
  }

  @Override
  public String toString() {
    return "results of " + job;
  }
}
