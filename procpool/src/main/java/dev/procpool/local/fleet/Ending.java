package dev.procpool.local.fleet;

import dev.procpool.process.ProcessEnd;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a worker that is to end does, and that its end is known, whatever was lost on the
 * way: a kill, for want of a file descriptor (the JDK reads a file before it kills), or the word
 * that the process has ended, for want of memory (see {@link ProcessEnd}).
 *
 * <p>Owned by the engine's thread.
 */
final class Ending {

  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** By then its output would have been read, and its crash file, if anybody reads them. */
  private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** What there is to do. */
  enum Step {
    NOTHING,
    KILL_AGAIN,
    TAKE_AS_ENDED
  }

  /** When, by its own clock, the worker is killed if it has not got there; 0 for never. */
  private long deadline;

  private boolean isLate;
  private boolean isAsked;
  private boolean isBegun;
  private long lookAt;

  /** Since when the process has been seen to have ended; 0 for not. */
  private long endedSince;

  /**
   * When, by its own clock, the worker is killed if it has not got there by itself; 0 for never.
   */
  long deadline() {
    return deadline;
  }

  /**
   * Sets when the worker is killed.
   *
   * @param time by its own clock; 0 for never
   */
  void by(long time) {
    deadline = time;
  }

  /** Whether a worker that was ready has been told to end. */
  boolean isTold() {
    return deadline != 0;
  }

  /** Notes that the worker did not connect in time. */
  void late() {
    isLate = true;
  }

  boolean isLate() {
    return isLate;
  }

  /** Notes that the worker has asked for another in its place. */
  void asked() {
    isAsked = true;
  }

  boolean isAsked() {
    return isAsked;
  }

  /** From now on the worker is expected to end. */
  void begin(long now) {
    if (!isBegun) {
      isBegun = true;
      lookAt = now + PERIOD_NANOS;
    }
  }

  /** When to look; {@code Long.MAX_VALUE} for never. */
  long lookAt() {
    return isBegun ? lookAt : Long.MAX_VALUE;
  }

  /**
   * Looks, if it is time to.
   *
   * @param process the worker's; null if it was not launched yet
   * @param isKilled whether it is to end at once
   */
  Step look(@Nullable Process process, boolean isKilled, long now) {
    if (!isBegun || lookAt - now > 0) {
      return Step.NOTHING;
    }
    lookAt = now + PERIOD_NANOS;
    if (process == null) {
      return Step.NOTHING;
    }
    if (!ProcessEnd.isOver(process)) {
      endedSince = 0;
      return isKilled ? Step.KILL_AGAIN : Step.NOTHING;
    }
    endedSince = endedSince == 0 ? now : endedSince;
    return now - endedSince > LOST_NANOS ? Step.TAKE_AS_ENDED : Step.NOTHING;
  }
}
