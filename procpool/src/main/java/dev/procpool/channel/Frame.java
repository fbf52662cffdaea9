package dev.procpool.channel;

/**
 * The layout of a frame: one header word, then the payload.
 *
 * <p>The header is a big-endian long: the type in its top byte, the payload's length in the other
 * seven.
 */
final class Frame {

  static final int HEADER_BYTES = Long.BYTES;

  private static final int LENGTH_BITS = 56;
  private static final long LENGTH_MASK = (1L << LENGTH_BITS) - 1;

  private Frame() {}

  static long header(int type, long length) {
    return (long) type << LENGTH_BITS | length;
  }

  static int type(long header) {
    return (int) (header >>> LENGTH_BITS);
  }

  static long length(long header) {
    return header & LENGTH_MASK;
  }
}
