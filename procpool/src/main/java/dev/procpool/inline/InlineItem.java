package dev.procpool.inline;

import dev.procpool.Outcome;
import dev.procpool.spi.Attempt;

/**
 * An item between its source and its outcome. Immutable.
 *
 * @param index its place in its call
 * @param argument the encoded argument
 * @param last the last attempt at it
 * @param pulledAt when it was taken from its source, by {@link System#nanoTime()}
 */
record InlineItem(long index, byte[] argument, Attempt last, long pulledAt) {

  /** An item that has not started. */
  InlineItem(long index, byte[] argument) {
    this(index, argument, Attempt.none(index), System.nanoTime());
  }

  /** The same item after one more attempt. */
  InlineItem after(Outcome<?> outcome) {
    return new InlineItem(index, argument, Attempt.of(outcome), pulledAt);
  }
}
