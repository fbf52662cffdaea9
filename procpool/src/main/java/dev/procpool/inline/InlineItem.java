package dev.procpool.inline;

import dev.procpool.Outcome;
import dev.procpool.spi.Attempt;

/**
 * An item between its source and its outcome. Immutable.
 *
 * @param index its place in its call
 * @param argument the encoded argument
 * @param last the last attempt at it
 */
record InlineItem(long index, byte[] argument, Attempt last) {

  /** An item that has not started. */
  InlineItem(long index, byte[] argument) {
    this(index, argument, Attempt.none(index));
  }

  /** The same item after one more attempt. */
  InlineItem after(Outcome<?> outcome) {
    return new InlineItem(index, argument, Attempt.of(outcome));
  }
}
