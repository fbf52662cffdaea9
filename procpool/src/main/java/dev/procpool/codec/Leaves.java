package dev.procpool.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/** The compact form of immutable values without parts: null, boxed primitives, strings. */
final class Leaves {

  private Leaves() {}

  /** Writes the value if it is a leaf. */
  static boolean write(@Nullable Object value, ByteOutput out) {
    if (value instanceof Integer i) {
      out.putByte(Tag.INTEGER);
      out.putVarInt((i << 1) ^ (i >> 31));
    } else if (value instanceof String s) {
      writeString(s, out);
    } else if (value instanceof Double d) {
      out.putByte(Tag.DOUBLE);
      out.putLong(Double.doubleToRawLongBits(d));
    } else if (value == null) {
      out.putByte(Tag.NULL);
    } else if (value instanceof Long l) {
      out.putByte(Tag.LONG);
      out.putVarLong((l << 1) ^ (l >> 63));
    } else if (value instanceof Boolean b) {
      out.putByte(b ? Tag.TRUE : Tag.FALSE);
    } else if (value instanceof Float f) {
      out.putByte(Tag.FLOAT);
      out.putInt(Float.floatToRawIntBits(f));
    } else if (value instanceof Character c) {
      out.putByte(Tag.CHARACTER);
      out.putShort(c);
    } else if (value instanceof Byte b) {
      out.putByte(Tag.BYTE);
      out.putByte(b);
    } else if (value instanceof Short s) {
      out.putByte(Tag.SHORT);
      out.putShort(s);
    } else {
      return false;
    }
    return true;
  }

  static boolean isLeaf(@Nullable Object value) {
    return value == null
        || value instanceof String
        || value instanceof Integer
        || value instanceof Double
        || value instanceof Long
        || value instanceof Boolean
        || value instanceof Float
        || value instanceof Character
        || value instanceof Byte
        || value instanceof Short;
  }

  private static void writeString(String text, ByteOutput out) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) > 0xff) {
        out.putByte(Tag.UTF16);
        out.putVarInt(length);
        out.putChars(text);
        return;
      }
    }
    out.putByte(Tag.LATIN1);
    out.putVarInt(length);
    out.putLatin1(text);
  }

  /** Reads the leaf of a tag. */
  static @Nullable Object read(int tag, ByteInput in) throws CodecException {
    switch (tag) {
      case Tag.NULL:
        return null;
      case Tag.FALSE:
        return false;
      case Tag.TRUE:
        return true;
      case Tag.BYTE:
        return (byte) in.unsignedByte();
      case Tag.SHORT:
        return in.readShort();
      case Tag.CHARACTER:
        return (char) in.readShort();
      case Tag.INTEGER:
        int i = in.readVarInt();
        return (i >>> 1) ^ -(i & 1);
      case Tag.LONG:
        long l = in.readVarLong();
        return (l >>> 1) ^ -(l & 1);
      case Tag.FLOAT:
        return Float.intBitsToFloat(in.readInt());
      case Tag.DOUBLE:
        return Double.longBitsToDouble(in.readLong());
      case Tag.LATIN1:
        int size = in.readCount(1);
        return new String(in.bytes(), in.take(size), size, ISO_8859_1);
      case Tag.UTF16:
        return new String((char[]) PrimitiveArrays.read(Tag.CHARS, in));
      default:
        throw new CodecException("damaged bytes: a leaf is expected, not a value of tag " + tag);
    }
  }
}
