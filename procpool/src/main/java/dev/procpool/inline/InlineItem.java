package dev.procpool.inline;

import dev.procpool.Outcome;
import dev.procpool.spi.Attempt;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An item between its source and its outcome. Immutable.
 *
 * @param index its place in its call
 * @param argument the encoded argument
 * @param limit how long it may run; null for no limit
 * @param last the last attempt at it
 * @param published what attempts at it have published last; null for nothing
 * @param pulledAt when it was taken from its source, by {@link System#nanoTime()}
 */
@SuppressWarnings("ArrayRecordComponent") // passed on; never compared
record InlineItem(
    long index,
    byte[] argument,
    @Nullable Duration limit,
    Attempt last,
    byte @Nullable [] published,
    long pulledAt) {

  /** An item that has not started. */
  InlineItem(long index, byte[] argument, @Nullable Duration limit) {
    this(index, argument, limit, Attempt.none(index), null, System.nanoTime());
  }

  /** The same item after one more attempt. */
  InlineItem after(Outcome<?> outcome, byte @Nullable [] part) {
    return new InlineItem(index, argument, limit, Attempt.of(outcome), part, pulledAt);
  }
}
