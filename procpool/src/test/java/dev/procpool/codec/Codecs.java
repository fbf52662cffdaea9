package dev.procpool.codec;

/** What the tests of the codec share: one codec, and the way there and back. */
final class Codecs {

  static final Codec CODEC = new Codec(null, 1 << 28);

  private Codecs() {}

  static byte[] encode(Object value) throws CodecException {
    ByteOutput out = new ByteOutput(16, Long.MAX_VALUE);
    CODEC.encode(value, out);
    return out.toByteArray();
  }

  static Object decode(byte[] bytes) throws CodecException {
    return CODEC.decode(bytes, 0, bytes.length, Codecs.class.getClassLoader());
  }

  static Object copy(Object value) throws CodecException {
    return decode(encode(value));
  }

  static boolean isPlain(Object value) throws CodecException {
    byte[] bytes = encode(value);
    return Codec.isPlain(bytes, 0, bytes.length);
  }

  static Throwable copyThrowable(Throwable error) {
    return copyThrowable(error, CODEC, Codecs.class.getClassLoader());
  }

  static Throwable copyThrowable(Throwable error, Codec codec, ClassLoader loader) {
    ByteOutput out = new ByteOutput(16, Long.MAX_VALUE);
    codec.encodeThrowable(error, out);
    return codec.decodeThrowable(out.array(), 0, out.size(), loader);
  }
}
