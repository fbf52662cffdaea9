package dev.procpool.codec;

import org.jspecify.annotations.Nullable;

/**
 * How much memory arrays take, and may take of those that an untrusted stream announces.
 *
 * <p>A reference takes at least a byte of the stream. A collection asks for a table that has room
 * for its elements, some of which is free; it may make another one or two that it does not ask for.
 */
final class ArraySize {

  private static final long HEADER_BYTES = 16;

  /** Above this heap references are not compressed. */
  private static final long COMPRESSED_HEAP_BYTES = 32L << 30;

  private static final int REFERENCE_BYTES =
      Runtime.getRuntime().maxMemory() < COMPRESSED_HEAP_BYTES ? 4 : 8;

  /** For arrays of null, and tables of which a half is free. */
  private static final int MOST_PER_BYTE = 2 * REFERENCE_BYTES;

  private static final long ALWAYS_BYTES = 16 * 1024;

  private ArraySize() {}

  /** Gives the most bytes that all arrays of a stream of some length may take. */
  static long most(int length) {
    return ALWAYS_BYTES + (long) MOST_PER_BYTE * length;
  }

  /** Gives the bytes that an array takes. */
  static long of(@Nullable Class<?> type, long length) {
    Class<?> element = type == null ? null : type.getComponentType();
    return HEADER_BYTES + length * (element == null ? REFERENCE_BYTES : bytes(element));
  }

  private static int bytes(Class<?> element) {
    if (!element.isPrimitive()) {
      return REFERENCE_BYTES;
    } else if (element == byte.class || element == boolean.class) {
      return Byte.BYTES;
    } else if (element == char.class || element == short.class) {
      return Short.BYTES;
    }
    return element == int.class || element == float.class ? Integer.BYTES : Long.BYTES;
  }
}
