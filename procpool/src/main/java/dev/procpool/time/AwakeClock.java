package dev.procpool.time;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A clock that stands still while its process is stopped: by Ctrl-Z, in a paused container, by a
 * debugger, in a suspended machine. Limits of time are counted by it.
 *
 * <p>Who waits for a time of this clock looks at it again and again, a {@linkplain #slice slice}
 * apart at most. Two looks that are much further apart show that nobody ran in between. A busy
 * machine delays looks; that counts as time, so it makes no limit longer.
 *
 * <p>Has no thread of its own. Guarded by whatever guards the times that are kept of it.
 */
public final class AwakeClock {

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How late a look may be on a machine that is merely busy. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private final long sliceNanos;
  private final LongSupplier busyNanos;

  private long lookedAt;

  /** How long it has stood still. */
  private long lost;

  /** Whether nobody waits, so that the next look may be at any time. */
  private boolean resting = true;

  /** Whether that time is known at a look that was not late. */
  private boolean isSampled;

  private long sampledAt;
  private long sample;

  /** Makes one that is looked at ten times a second. */
  public AwakeClock() {
    this(SLICE_NANOS, () -> 0);
  }

  /**
   * Makes one.
   *
   * @param sliceNanos how far apart looks are at most
   * @param busyNanos a time that grows while looks are kept from happening, by a busy machine say,
   *     and does not while the process is stopped: as much as it has grown counts
   */
  public AwakeClock(long sliceNanos, LongSupplier busyNanos) {
    this.sliceNanos = sliceNanos;
    this.busyNanos = busyNanos;
  }

  /** Looks, and gives the time; to be compared with other times of this clock alone. */
  public long now() {
    return now(System.nanoTime());
  }

  /**
   * Does the same for who knows the time.
   *
   * @param time {@link System#nanoTime()} of just now
   */
  public long now(long time) {
    long now = at(time);
    if (!isSampled || time - sampledAt > sliceNanos / 2) {
      isSampled = true;
      sampledAt = time;
      sample = busy();
    }
    return now;
  }

  /**
   * Does the same and asks for no other time.
   *
   * @param time {@link System#nanoTime()} of just now
   */
  public long at(long time) {
    long passed = time - lookedAt;
    if (resting) {
      resting = false;
      lookedAt = time;
    } else if (passed > 0) {
      lookedAt = time;
      if (passed > sliceNanos + LATE_NANOS) {
        lost += passed - counted(passed);
      }
    }
    return time - lost;
  }

  /** How much of the time without a look counts; something, so that no limit lasts for ever. */
  private long counted(long passed) {
    long used = isSampled ? busy() - sample : 0;
    isSampled = false;
    return Math.min(passed, Math.max(used, sliceNanos / 4));
  }

  /** Who looks must not fail for want of memory or of a descriptor. */
  private long busy() {
    try {
      return Math.max(sample, busyNanos.getAsLong());
    } catch (VirtualMachineError | LinkageError e) {
      return sample;
    }
  }

  /**
   * Nobody waits for a time of this clock from now on until the next look. Keeps its sample: where
   * calls come one by one, each with a rest before it, none is to ask the system.
   */
  public void rest() {
    resting = true;
  }

  /**
   * Tells how long to wait before the next look.
   *
   * @param deadline a time of this clock
   * @return nanoseconds; zero or less once that time has come
   */
  public long slice(long deadline) {
    return Math.min(deadline - now(), sliceNanos);
  }
}
