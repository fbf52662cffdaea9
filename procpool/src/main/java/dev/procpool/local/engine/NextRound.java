package dev.procpool.local.engine;

import dev.procpool.process.ThreadTimes;
import dev.procpool.time.AwakeClock;
import org.jspecify.annotations.Nullable;

/**
 * When the engine's next round is due, by the clock that stands still while this process does.
 * Owned by whoever has the engine's turn.
 */
final class NextRound {

  /** How far apart looks at the clock are at most while there is a next deadline. */
  private static final long SLICE_NANOS = 250_000_000;

  private static final long NEVER = Long.MAX_VALUE;

  private final AwakeClock clock = new AwakeClock(SLICE_NANOS, this::delayNanos);

  /** How long the engine's thread waited for a processor. */
  private @Nullable ThreadTimes times;

  private long due = NEVER;

  /** Whether a step is under way, in which one look at the clock is enough. */
  private boolean isInStep;

  private boolean hasLooked;

  /** By {@link System#nanoTime()}. */
  private long lookedAt;

  /** When the engine's thread wakes by itself. */
  private long wakesAt = NEVER;

  /** Begins; on the engine's thread. */
  void begin() {
    times = ThreadTimes.ofThisThread();
    clock.rest();
  }

  private long delayNanos() {
    return times == null ? 0 : times.waitNanos();
  }

  /**
   * The engine's work of one turn begins. Until {@link #stepEnds} there is one look at the clock
   * for all that workers have sent, one for each event, one for the round.
   */
  void stepBegins() {
    isInStep = true;
    hasLooked = false;
  }

  /** Some of the step is done, which may have taken long: time goes on. */
  void looksAgain() {
    hasLooked = false;
  }

  void stepEnds() {
    isInStep = false;
  }

  /**
   * {@link System#nanoTime()} of what is done now in this step. That is short, and a look at the
   * clock takes as long as much of it.
   */
  long nanoTime() {
    if (!isInStep || !hasLooked) {
      lookedAt = System.nanoTime();
      hasLooked = true;
    }
    return lookedAt;
  }

  long now() {
    return clock.now(nanoTime());
  }

  /**
   * Sets when it is due.
   *
   * @param time by the clock; {@code Long.MAX_VALUE} for never
   */
  void at(long time) {
    due = time;
  }

  boolean isDue() {
    return due - clock.now() <= 0;
  }

  /** For how long the engine's thread may sleep now; {@code Long.MAX_VALUE} for no limit. */
  long millis() {
    return due == NEVER ? NEVER : Math.max(0, (clock.slice(due) + 999_999) / 1_000_000);
  }

  /** The engine's thread goes to sleep, to wake when it is due. */
  void sleeps() {
    restIfNever();
    wakesAt = due;
  }

  /** Looks at the clock no more while there is nothing to be on time for. */
  void restIfNever() {
    if (due == NEVER) {
      clock.rest();
    }
  }

  /** Tells whether the engine's thread, which sleeps, wakes in time for it. */
  boolean isAfterWake() {
    return due == NEVER || (wakesAt != NEVER && due - wakesAt >= 0);
  }
}
