package dev.procpool.codec;

/**
 * A reader over part of a byte array that checks every length before it believes it.
 *
 * <p>Owned by one thread. Bytes may be hostile: whatever they say, reading gives a value or a
 * {@link CodecException}.
 */
final class ByteInput {

  private final byte[] bytes;
  private final int end;
  private int position;

  ByteInput(byte[] bytes, int offset, int length) throws CodecException {
    if (offset < 0 || length < 0 || offset > bytes.length - length) {
      throw new CodecException(
          "no value at " + offset + " of " + length + " bytes: there are only " + bytes.length);
    }
    this.bytes = bytes;
    this.position = offset;
    this.end = offset + length;
  }

  byte[] bytes() {
    return bytes;
  }

  int remaining() {
    return end - position;
  }

  /** Moves over some bytes and says where they begin. */
  int take(long count) throws CodecException {
    if (count < 0 || count > remaining()) {
      throw new CodecException(
          "damaged bytes: " + count + " bytes are announced, " + remaining() + " are there");
    }
    int start = position;
    position += (int) count;
    return start;
  }

  int unsignedByte() throws CodecException {
    return bytes[take(1)] & 0xff;
  }

  short readShort() throws CodecException {
    return (short) ByteOutput.SHORTS.get(bytes, take(2));
  }

  int readInt() throws CodecException {
    return (int) ByteOutput.INTS.get(bytes, take(4));
  }

  long readLong() throws CodecException {
    return (long) ByteOutput.LONGS.get(bytes, take(8));
  }

  int readVarInt() throws CodecException {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = unsignedByte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new CodecException("damaged bytes: a number of more than five bytes");
  }

  long readVarLong() throws CodecException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int next = unsignedByte();
      value |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new CodecException("damaged bytes: a number of more than ten bytes");
  }

  /** Reads how many elements follow, and checks that so many can be there. */
  int readCount(int bytesEach) throws CodecException {
    int count = readVarInt();
    if (count < 0 || (long) count * bytesEach > remaining()) {
      throw new CodecException(
          "damaged bytes: "
              + Integer.toUnsignedString(count)
              + " elements are announced, "
              + remaining()
              + " bytes are there");
    }
    return count;
  }
}
