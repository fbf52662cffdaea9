package dev.procpool.codec;

/** The first byte of each encoded value: which form follows. */
final class Tag {

  /**
   * Set in the first byte of a value that holds a {@link #SERIALIZED} or {@link #OBJECTS} part
   * anywhere.
   */
  static final int NOT_PLAIN = 0x80;

  static final int NULL = 0;
  static final int FALSE = 1;
  static final int TRUE = 2;
  static final int BYTE = 3;
  static final int SHORT = 4;
  static final int CHARACTER = 5;

  /** Zigzag, then seven bits a byte: small numbers of either sign are short. */
  static final int INTEGER = 6;

  static final int LONG = 7;

  /** The raw bits, so that the payload of a NaN survives. */
  static final int FLOAT = 8;

  static final int DOUBLE = 9;

  /** A string of characters up to U+00FF: length, then one byte each. */
  static final int LATIN1 = 10;

  /** Any other string: length, then two bytes a {@code char}; unpaired surrogates survive. */
  static final int UTF16 = 11;

  static final int BOOLEANS = 12;
  static final int BYTES = 13;
  static final int SHORTS = 14;
  static final int CHARS = 15;
  static final int INTS = 16;
  static final int LONGS = 17;
  static final int FLOATS = 18;
  static final int DOUBLES = 19;

  /** A tuple of two; those of three to six follow. */
  static final int ARGS2 = 20;

  static final int ARGS6 = 24;

  /** A list: size, then its elements, leaves only. */
  static final int ARRAY_LIST = 25;

  static final int IMMUTABLE_LIST = 26;

  /** What {@code Stream.toList()} gives: immutable, but nulls may be in it or asked for. */
  static final int IMMUTABLE_NULLS_LIST = 27;

  /** Java serialization: length in four bytes, then the stream. */
  static final int SERIALIZED = 28;

  /** An object codec of the user's: length in four bytes, then what it wrote. */
  static final int OBJECTS = 29;

  /**
   * A byte array that travels beside the value, see {@link ByteOutput#withBodies}: its length. The
   * first of them is the value's first body, and so on.
   */
  static final int BODY = 30;

  /** Records and lists of them, see {@link RecordOutput}; the tags after it occur in them alone. */
  static final int RECORDS = 31;

  static final int RECORD = 32;
  static final int ENUM = 33;

  /** The number of an object that came before. */
  static final int REFERENCE = 34;

  /** How deep tuples in tuples take the compact form. */
  static final int MAX_DEPTH = 16;

  private Tag() {}
}
