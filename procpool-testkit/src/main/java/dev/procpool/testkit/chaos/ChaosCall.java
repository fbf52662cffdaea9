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
 * @param items what it runs
 * @param options how it is made
 * @param cancel whether and how it is cancelled
 * @param cancelAfter how long after its start it is cancelled
 */
record ChaosCall(
    int number, List<ChaosItem> items, TaskOptions options, Cancel cancel, Duration cancelAfter) {

  /** How a call is cancelled. */
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
}
