package dev.procpool.codec;

/**
 * Reads values that are one boxed number or boolean, without making the box: what type it is, by
 * the letter that the JVM has for it in descriptors, and its bits.
 *
 * <p>Owned by one thread.
 */
public final class PrimitiveReader {

  private byte type;
  private long bits;

  /**
   * Reads a value.
   *
   * @param bytes holds what {@link Codec#encode} wrote
   * @param offset where it begins
   * @param length how many bytes it takes
   * @return false if it is something else or makes no sense, which {@link Codec#decode} then tells
   */
  public boolean read(byte[] bytes, int offset, int length) {
    if (length < 1 || offset < 0 || offset > bytes.length - length) {
      return false;
    }
    switch (bytes[offset]) {
      case Tag.INTEGER:
        long i = varLong(bytes, offset, length, 5);
        return i >= 0 && set('I', ((int) i >>> 1) ^ -((int) i & 1));
      case Tag.DOUBLE:
        return length == 1 + Long.BYTES && set('D', (long) ByteOutput.LONGS.get(bytes, offset + 1));
      case Tag.LONG:
        long l = varLong(bytes, offset, length, 9); // those of ten bytes would look like an error
        return l >= 0 && set('J', (l >>> 1) ^ -(l & 1));
      case Tag.FLOAT:
        return length == 1 + Integer.BYTES
            && set('F', (int) ByteOutput.INTS.get(bytes, offset + 1));
      case Tag.TRUE:
        return length == 1 && set('Z', 1);
      case Tag.FALSE:
        return length == 1 && set('Z', 0);
      default:
        return false;
    }
  }

  private boolean set(char newType, long newBits) {
    type = (byte) newType;
    bits = newBits;
    return true;
  }

  /** Reads a number that takes all bytes after the tag; negative if it does not. */
  private static long varLong(byte[] bytes, int offset, int length, int most) {
    if (length > 1 + most) {
      return -1;
    }
    long value = 0;
    int last = length - 1;
    for (int i = 1; i <= last; i++) {
      byte next = bytes[offset + i];
      if (next < 0 == (i == last)) {
        return -1; // it ends too early, or not at all
      }
      value |= (next & 0x7fL) << (7 * (i - 1));
    }
    return last == 0 ? -1 : value;
  }

  /**
   * Gives the type of the value read last.
   *
   * @return {@code I}, {@code J}, {@code D}, {@code F} or {@code Z}
   */
  public byte type() {
    return type;
  }

  /**
   * Gives the bits of the value read last.
   *
   * @return the number itself, the raw bits of a floating-point one, 1 for true
   */
  public long bits() {
    return bits;
  }
}
