package dev.procpool.channel;

/**
 * How large a buffer becomes that has no room for the frame that has begun: as large as the frame,
 * if its sender is to be believed, else in steps, so that a declared length alone costs no memory.
 */
final class BufferGrowth {

  /** The longest array that a JVM makes. A constant, so that nobody loads this class for it. */
  static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  /** Who has sent a large part of a frame is believed to send the rest. */
  private static final int MAX_GROWTH = 8;

  private BufferGrowth() {}

  /** The next size while the frame's length has not come. */
  static int doubled(int used, int least) {
    return (int) Math.min(Math.max((long) used * 2, least), MAX_BYTES);
  }

  /**
   * The next size.
   *
   * @param used how many bytes have come
   * @param whole how many come according to the sender
   * @param believing whether every sender is believed
   */
  static int next(int used, int whole, int least, boolean believing) {
    int doubled = doubled(used, least);
    boolean hasSentMuch = used >= FrameReader.LARGE_BYTES && whole / used < MAX_GROWTH;
    return believing || hasSentMuch || whole < doubled ? whole : doubled;
  }
}
