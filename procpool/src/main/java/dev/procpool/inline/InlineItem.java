package dev.procpool.inline;

/**
 * An item between its source and its outcome. Immutable.
 *
 * @param index its place in its call
 * @param argument the encoded argument
 * @param attempts how often it was started
 */
record InlineItem(long index, byte[] argument, int attempts) {

  InlineItem startedAgain() {
    return new InlineItem(index, argument, attempts + 1);
  }
}
