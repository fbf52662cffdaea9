package dev.procpool.spi;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The nanoseconds of a duration that a user gave, as far as a clock can count them.
 *
 * <p>Users write {@code Duration.ofSeconds(Long.MAX_VALUE)} where they mean "no limit", but {@link
 * Duration#toNanos} throws for what does not fit in a {@code long}, and the sum of two times that
 * fit may overflow. So each duration is converted here, once, where it enters, and is then at most
 * {@link #MAX}. The idea is that of Failsafe's {@code Durations.ofSafeNanos}.
 *
 * @since 0.2.0
 */
public final class Nanos {

  /**
   * The longest time there is, some 36 years. Up to seven of them can be added to each other and to
   * {@link System#nanoTime()}, and subtracted again, without an overflow of the difference.
   */
  public static final long MAX = Long.MAX_VALUE / 8;

  private Nanos() {}

  /**
   * Converts a duration.
   *
   * @param duration any duration
   * @return its nanoseconds, not less than {@code -MAX} and not more than {@link #MAX}
   */
  public static long of(Duration duration) {
    long nanos = TimeUnit.NANOSECONDS.convert(duration); // saturates
    return Math.max(-MAX, Math.min(MAX, nanos));
  }
}
