package dev.procpool.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The compact form of records, and of lists of records: classes and components are described once,
 * then come the values. Owned by the thread that writes one value.
 *
 * <p>It takes a graph of records, the lists of {@link Lists}, enums, primitive arrays and leaves;
 * at anything else it gives up, and the graph goes by Java serialization as a whole. A record that
 * is among its own parts is refused.
 */
final class RecordOutput {

  /** A string longer than that is written once, like an object. */
  static final int LONG_STRING = 32;

  /** How deep the form goes, so that it does not need all of the stack. */
  static final int MAX_DEPTH = 1000;

  private final ByteOutput out;
  private final IdentityNumbers numbers = new IdentityNumbers();
  private final List<RecordShape> shapes = new ArrayList<>(2);

  private RecordOutput(ByteOutput out) {
    this.out = out;
  }

  /**
   * Writes a record or a list that ends with one; false, and nothing written, if it gives up.
   *
   * @throws CodecException if a record is among its own parts
   */
  static boolean write(Object value, ByteOutput out) throws CodecException {
    if (!begins(value)) {
      return false;
    }
    long start = out.position();
    out.putByte(Tag.RECORDS);
    try {
      if (new RecordOutput(out).write(value, 0)) {
        return true;
      }
    } catch (StackOverflowError e) {
      // Java serialization says what to do
    }
    out.rewind(start);
    return false;
  }

  private static boolean begins(Object value) {
    Object sample = value;
    if (Lists.isKnown(value)) {
      List<?> list = (List<?>) value;
      sample = list.isEmpty() ? null : list.get(list.size() - 1);
    }
    return sample instanceof Record && shape(sample) != null;
  }

  private static @Nullable RecordShape shape(Object value) {
    RecordShape shape = RecordShape.of(value.getClass());
    return shape == null || !shape.isCompact() ? null : shape;
  }

  /** Writes of what class a record is; null if it can't be written. */
  private @Nullable RecordShape writeShape(Object value) {
    Class<?> type = value.getClass();
    for (int i = 0; i < shapes.size(); i++) {
      RecordShape known = shapes.get(i);
      if (known.type() == type) {
        out.putVarInt(i);
        return known;
      }
    }
    RecordShape shape = shape(value);
    if (shape != null) {
      out.putVarInt(shapes.size());
      Leaves.write(type.getName(), out);
      Leaves.write(shape.signature(), out);
      shapes.add(shape);
    }
    return shape;
  }

  private boolean write(@Nullable Object value, int depth) throws CodecException {
    if (!(value instanceof Record) && (value == null || Leaves.isLeaf(value) && !isLong(value))) {
      return Leaves.write(value, out);
    } else if (depth > MAX_DEPTH) {
      return false;
    }
    int known = numbers.findOrOpen(value);
    if (known >= 0) {
      out.putByte(Tag.REFERENCE);
      out.putVarInt(known);
      return !numbers.isOpen(known) || partOfItself(value);
    }
    boolean written = writeNew(value, depth);
    numbers.close();
    return written;
  }

  /** Java serialization would put null in the place of a record there, and say nothing. */
  private static boolean partOfItself(Object value) throws CodecException {
    if (value instanceof Record) {
      throw new CodecException(Cycle.of(value.getClass()));
    }
    return false;
  }

  private static boolean isLong(Object leaf) {
    return leaf instanceof String text && text.length() > LONG_STRING;
  }

  private boolean writeNew(Object value, int depth) throws CodecException {
    if (value instanceof Record) {
      return writeRecord(value, depth);
    } else if (value instanceof String) {
      return Leaves.write(value, out);
    } else if (value instanceof Enum<?> constant) {
      out.putByte(Tag.ENUM);
      Leaves.write(constant.getDeclaringClass().getName(), out);
      return Leaves.write(constant.name(), out);
    } else if (PrimitiveArrays.isPrimitiveArray(value)) {
      if (value instanceof byte[] bytes && bytes.length >= ByteOutput.MIN_BODY) {
        return false; // which would go beside the value, and could not be taken back
      }
      PrimitiveArrays.write(value, out);
      return true;
    }
    return Lists.isKnown(value) && writeList((List<?>) value, depth);
  }

  private boolean writeList(List<?> list, int depth) throws CodecException {
    int tag = Lists.tag(list);
    if (tag == Tag.ARRAY_LIST) {
      numbers.closeEarly(); // made before its elements, it may be among their parts
    }
    int size = list.size();
    numbers.expect(size);
    out.putByte(tag);
    out.putVarInt(size);
    for (int i = 0; i < size; i++) {
      if (!write(list.get(i), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean writeRecord(Object value, int depth) throws CodecException {
    out.putByte(Tag.RECORD);
    RecordShape shape = writeShape(value);
    for (int i = 0; shape != null && i < shape.size(); i++) {
      Class<?> type = shape.type(i);
      if (type == int.class) {
        out.putInt(shape.getInt(value, i));
      } else if (type == long.class) {
        out.putLong(shape.getLong(value, i));
      } else if (type == double.class) {
        out.putLong(Double.doubleToRawLongBits(shape.getDouble(value, i)));
      } else if (!write(shape.get(value, i), depth + 1)) {
        shape.notCompact();
        return false;
      }
    }
    return shape != null;
  }
}
