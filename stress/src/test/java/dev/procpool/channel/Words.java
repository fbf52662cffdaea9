package dev.procpool.channel;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Zeroed pieces of off-heap memory, as a mapped file is, for states of tests: made once and given
 * out again and again, since jcstress makes millions of states a second.
 *
 * <p>Thread-safe.
 */
public final class Words {

  /** Holds the words of a page or a ring, and a few bytes. */
  static final int BYTES = 1024;

  /** What jcstress has in use at once is at most 256 * 40 states. */
  private static final int PIECES = 32 * 1024;

  private static final ByteBuffer ALL = ByteBuffer.allocateDirect(PIECES * BYTES);
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BYTES);
  private static final AtomicInteger NEXT = new AtomicInteger();

  private Words() {}

  /** Gives a piece to one who is done with it before so many others have been given out. */
  public static ByteBuffer take() {
    int piece = NEXT.getAndIncrement() & (PIECES - 1);
    return ALL.slice(piece * BYTES, BYTES).put(0, ZEROS, 0, BYTES);
  }

  /** Makes a ring of 64 bytes. */
  static Ring ring() {
    return new Ring(take(), 0, BYTES / 2, 64);
  }
}
