package dev.procpool.spark.driver;

import dev.procpool.spi.Nanos;
import dev.procpool.time.AwakeClock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that no slot is to be had: no executor takes a task, or tasks fail again and again.
 * Guarded by the backend's lock.
 */
final class SlotWatch {

  /** So many jobs in a row that Spark has given up, of each of which a task failed four times. */
  private static final int MOST_FAILURES = 2;

  private final Duration timeout;
  private final long timeoutNanos;

  /** A driver that was stopped has missed no executor meanwhile. */
  private final AwakeClock clock = new AwakeClock();

  private long since;
  private boolean isWaiting;
  private int failures;

  SlotWatch(Duration timeout) {
    this.timeout = timeout;
    this.timeoutNanos = Nanos.of(timeout);
  }

  /** An executor works for the pool. */
  void began() {
    isWaiting = false;
    failures = 0;
  }

  /** Spark has given a job up: gives what to say if that is the end. */
  Optional<String> failed(@Nullable Throwable why) {
    if (why == null || ++failures < MOST_FAILURES) {
      return Optional.empty();
    }
    return Optional.of(
        "Spark gave up "
            + failures
            + " jobs of the pool, one after another, as their tasks failed on the executors. Their"
            + " logs say more; the last failure: "
            + why);
  }

  /**
   * Looks at the clock, ten times a second: gives what to say if no slot was to be had in time.
   *
   * @param now {@link System#nanoTime()} of just now
   */
  Optional<String> look(boolean hasNone, boolean isWanted, long now) {
    long time = clock.at(now);
    if (!hasNone || !isWanted) {
      isWaiting = false;
      return Optional.empty();
    }
    if (!isWaiting) {
      isWaiting = true;
      since = time;
    }
    if (time - since < timeoutNanos) {
      return Optional.empty();
    }
    return Optional.of(
        "no executor of the cluster has taken a task within "
            + timeout.toSeconds()
            + " s. See on the master's page whether it has workers with free cores and memory for"
            + " this application. Executors that start and end again say why in their logs: they can't"
            + " reach the driver, or are of another version of Spark. executorTimeout(...) of the"
            + " pool's builder sets how long to wait");
  }
}
