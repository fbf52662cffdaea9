package dev.procpool.spi;

import dev.procpool.Outcome;
import dev.procpool.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an item after an attempt: it is tried again, or its outcome is reported. One for
 * each call. Thread-safe.
 *
 * <pre>{@code
 * Optional<Duration> wait = attempts.waitBeforeNext(outcome);
 * if (wait.isPresent()) {
 *   startAgain(item, wait.get());
 * } else {
 *   attempts.report(outcome);
 * }
 * }</pre>
 *
 * @param <R> the type of the results
 * @since 0.2.0
 */
public final class Attempts<R extends @Nullable Object> {

  private final Submission<?, R> call;
  private final @Nullable RetryPolicy policy;
  private volatile boolean stopped;

  /** Who has reported last: for the call, one object costs less than many that are equal. */
  private @Nullable WorkerName lastWorker;

  /**
   * Begins a call.
   *
   * @param call the call
   */
  public Attempts(Submission<?, R> call) {
    this.call = call;
    this.policy = call.options().retry().orElse(null);
  }

  /**
   * Has no item tried again from now on: the call was cancelled, or its pool terminated. What an
   * attempt that still runs comes to is the item's outcome then, whatever the policy says.
   */
  public void stop() {
    stopped = true;
  }

  /**
   * Tells whether an item is to be tried again, and when.
   *
   * @param outcome what the last attempt came to
   * @return how long to wait before the next attempt; empty if there is none, and the outcome is to
   *     be reported
   */
  public Optional<Duration> waitBeforeNext(Outcome<R> outcome) {
    RetryPolicy retry = policy;
    return stopped || retry == null || !retry.retries(outcome)
        ? Optional.empty()
        : Optional.of(retry.delay(outcome.attempts()));
  }

  /**
   * Reports an item's one outcome.
   *
   * @param outcome the outcome; not {@link Outcome.Pending}
   */
  public void report(Outcome<R> outcome) {
    report(outcome, ItemRun.UNKNOWN);
  }

  /**
   * Reports an item's one outcome, and what else is known of its last attempt.
   *
   * @param outcome the outcome; not {@link Outcome.Pending}
   * @param run what else is known
   */
  public void report(Outcome<R> outcome, ItemRun run) {
    report(outcome, run, 0);
  }

  /**
   * Reports an item's one outcome, what else is known of its last attempt, and how much memory its
   * value takes until it is consumed: {@link Submission#room} goes by it.
   *
   * @param outcome the outcome; not {@link Outcome.Pending}
   * @param run what else is known
   * @param bytes how much the value takes, by its encoded form; 0 if that does not matter
   */
  public void report(Outcome<R> outcome, ItemRun run, long bytes) {
    if (outcome instanceof Outcome.Success<R> success) {
      call.succeeded(
          success.index(),
          success.value(),
          success.attempts(),
          Nanos.of(success.duration()),
          nameOf(success),
          bytes,
          run);
    } else {
      call.settled(outcome, run);
    }
  }

  /** Without a lock: what another thread makes of it meanwhile is as good. */
  private WorkerName nameOf(Outcome<R> outcome) {
    WorkerName known = lastWorker;
    if (known == null
        || known.pid() != outcome.workerPid()
        || !known.host().equals(outcome.host())) {
      known = WorkerName.of(outcome.host(), outcome.workerPid());
      lastWorker = known;
    }
    return known;
  }
}
