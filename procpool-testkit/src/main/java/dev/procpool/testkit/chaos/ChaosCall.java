package dev.procpool.testkit.chaos;

import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One planned call of the run. Immutable.
 *
 * @param number its number in the round
 * @param form by which of the pool's methods it is made
 * @param items what it runs
 * @param options how it is made
 * @param cancel whether and how it is cancelled
 * @param cancelAfter how long after its start it is cancelled
 */
record ChaosCall(
    int number,
    Form form,
    List<ChaosItem> items,
    TaskOptions options,
    Cancel cancel,
    Duration cancelAfter) {

  /** The pool's method; with APPLY it is called for each item. */
  enum Form {
    MAP,
    STARMAP,
    IMAP,
    IMAP_UNORDERED,
    ISTARMAP,
    ISTARMAP_UNORDERED,
    APPLY;

    boolean isStream() {
      return this != MAP && this != STARMAP && this != APPLY;
    }

    boolean isOrdered() {
      return this != IMAP_UNORDERED && this != ISTARMAP_UNORDERED;
    }
  }

  /** How a call is cancelled; a stream is closed. */
  enum Cancel {
    NEVER,
    NOT_STARTED,
    RUNNING
  }

  Optional<Duration> timeout() {
    return options.timeout();
  }

  Optional<RetryPolicy> retry() {
    return options.retry();
  }

  /** Whether items that run may be stopped by its cancelling. */
  boolean stopsRunning() {
    return cancel == Cancel.RUNNING || (form.isStream() && cancel != Cancel.NEVER);
  }
}
