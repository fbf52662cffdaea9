package dev.procpool.call;

import dev.procpool.spi.Nanos;
import java.time.Duration;

/**
 * The end of a bounded wait. Immutable.
 *
 * @param start when the wait began, in the terms of {@link System#nanoTime}
 * @param nanos how long it may last; {@link Long#MAX_VALUE} for ever
 */
record Deadline(long start, long nanos) {

  static final Deadline NEVER = new Deadline(0, Long.MAX_VALUE);

  static Deadline after(Duration timeout) {
    return new Deadline(System.nanoTime(), Nanos.of(timeout));
  }

  /** What is left, in nanoseconds; zero or less once the time is up. */
  long remaining() {
    return nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - start);
  }

  Duration left() {
    return Duration.ofNanos(Math.max(0, remaining()));
  }
}
