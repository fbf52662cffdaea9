package dev.procpool.call;

/** Boxed primitives as bits: what their type is, and their value in a long. */
public final class Primitive {

  /** The kind of everything else. */
  static final byte NO_PRIMITIVE = 0;

  // as in descriptors of the JVM; none is in the way of a table's own kinds
  private static final byte INTEGER = 'I';
  private static final byte LONG = 'J';
  private static final byte DOUBLE = 'D';
  private static final byte BOOLEAN = 'Z';
  private static final byte FLOAT = 'F';
  private static final byte CHARACTER = 'C';
  private static final byte BYTE = 'B';
  private static final byte SHORT = 'S';

  private Primitive() {}

  /** Tells what a value is. */
  static byte kindOf(Object value) {
    if (value instanceof Integer) {
      return INTEGER;
    } else if (value instanceof Double) {
      return DOUBLE;
    } else if (value instanceof Long) {
      return LONG;
    } else if (value instanceof Boolean) {
      return BOOLEAN;
    } else if (value instanceof Float) {
      return FLOAT;
    } else if (value instanceof Character) {
      return CHARACTER;
    } else if (value instanceof Byte) {
      return BYTE;
    }
    return value instanceof Short ? SHORT : NO_PRIMITIVE;
  }

  /** Takes the bits of a value that is a boxed primitive. */
  static long bitsOf(Object value) {
    if (value instanceof Double d) {
      return Double.doubleToRawLongBits(d);
    } else if (value instanceof Float f) {
      return Float.floatToRawIntBits(f);
    } else if (value instanceof Boolean b) {
      return b ? 1 : 0;
    } else if (value instanceof Character c) {
      return c;
    }
    return ((Number) value).longValue();
  }

  /**
   * Makes a value again.
   *
   * @param kind its type's letter in descriptors of the JVM
   * @param bits its bits, see {@link dev.procpool.spi.ValueBatch#bits}
   * @return the value
   */
  public static Object box(byte kind, long bits) {
    switch (kind) {
      case INTEGER:
        return (int) bits;
      case LONG:
        return bits;
      case DOUBLE:
        return Double.longBitsToDouble(bits);
      case BOOLEAN:
        return bits != 0;
      case FLOAT:
        return Float.intBitsToFloat((int) bits);
      case CHARACTER:
        return (char) bits;
      case BYTE:
        return (byte) bits;
      case SHORT:
        return (short) bits;
      default:
        throw new IllegalArgumentException("no primitive is of kind " + kind);
    }
  }
}
