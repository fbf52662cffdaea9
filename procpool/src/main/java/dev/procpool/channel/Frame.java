package dev.procpool.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The layout of a frame: one header word, then the payload.
 *
 * <p>The header is a big-endian long: the type in its top byte, the payload's length in the other
 * seven.
 */
final class Frame {

  static final int HEADER_BYTES = Long.BYTES;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int LENGTH_BITS = 56;
  private static final long LENGTH_MASK = (1L << LENGTH_BITS) - 1;

  private Frame() {}

  static long header(int type, long length) {
    return (long) type << LENGTH_BITS | length;
  }

  /** Writes a header to the beginning of an array. */
  static void putHeader(byte[] frame, int type, long length) {
    LONG.set(frame, 0, header(type, length));
  }

  /** Changes the type in the header that a buffer begins with. */
  static void putType(ByteBuffer frame, int type) {
    frame.put(0, (byte) type);
  }

  static int type(long header) {
    return (int) (header >>> LENGTH_BITS);
  }

  static long length(long header) {
    return header & LENGTH_MASK;
  }
}
