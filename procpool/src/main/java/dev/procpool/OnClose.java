package dev.procpool;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Pool#close()} does with calls that have not finished: it waits for them, it stops
 * them, or it waits for some time and then stops them. Immutable.
 */
public final class OnClose {

  /** Waits for them, as {@code ExecutorService.close()} does. The default. */
  public static final OnClose JOIN = new OnClose("JOIN", null);

  /** Stops them, as leaving Python's {@code with Pool()} block does. */
  public static final OnClose TERMINATE = new OnClose("TERMINATE", Duration.ZERO);

  private final String text;
  private final @Nullable Duration limit;

  private OnClose(String text, @Nullable Duration limit) {
    this.text = text;
    this.limit = limit;
  }

  /**
   * Waits for them so long, then stops what still runs, as {@link Pool#close(Duration)} does. For
   * whatever closes a pool on its own account and must come to an end: a {@code try} block, or a
   * framework that closes its beans when the process is told to stop.
   *
   * @param limit the longest time to wait, zero or more; {@code ChronoUnit.FOREVER} is no limit
   * @return what to do on close
   * @throws IllegalArgumentException if the limit is negative
   * @since 0.2.0
   */
  public static OnClose joinAtMost(Duration limit) {
    if (limit.isNegative()) {
      throw new IllegalArgumentException(
          "joinAtMost must not be negative, was " + limit + "; use OnClose.TERMINATE not to wait");
    }
    return new OnClose("joinAtMost(" + limit + ")", limit);
  }

  /**
   * Tells how long {@link Pool#close()} waits before it stops what still runs.
   *
   * @return the longest time to wait; empty if it waits until all has finished
   * @since 0.2.0
   */
  public Optional<Duration> limit() {
    return Optional.ofNullable(limit);
  }

  /** Tells whether this is the same, with an equal limit. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OnClose that
        && text.equals(that.text)
        && Objects.equals(limit, that.limit);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Gives {@code JOIN}, {@code TERMINATE}, or {@code joinAtMost(PT5S)}. */
  @Override
  public String toString() {
    return text;
  }
}
