package dev.procpool.codec;

import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link RecordOutput} wrote. Owned by the thread that reads one value.
 *
 * <p>The bytes may be hostile: the filters are asked about each class, array and depth as they are
 * by Java serialization.
 */
final class RecordInput {

  private static final Object OPEN = new Object();

  private final ByteInput in;
  private final int start;
  private final @Nullable ClassLoader loader;
  private final InputCheck check;
  private final List<Object> objects = new ArrayList<>();
  private final List<RecordShape> shapes = new ArrayList<>(2);

  RecordInput(
      ByteInput in,
      @Nullable ClassLoader loader,
      @Nullable ObjectInputFilter filter,
      boolean isTrusting) {
    this.in = in;
    this.start = in.remaining();
    this.loader = loader;
    this.check = new InputCheck(filter, GraphInput.filterOfJvm(), start, isTrusting);
  }

  Object read() throws CodecException {
    Object value = read(1);
    if (value == null) {
      throw new CodecException("damaged bytes: no record");
    }
    return value;
  }

  private @Nullable Object read(int depth) throws CodecException {
    if (depth > RecordOutput.MAX_DEPTH + 2) {
      throw new CodecException("damaged bytes: records nested deeper than any encoder writes");
    }
    int tag = in.unsignedByte();
    if (tag == Tag.RECORD) {
      return readRecord(depth);
    } else if (tag <= Tag.UTF16) {
      Object leaf = Leaves.read(tag, in);
      if (leaf instanceof String text && text.length() > RecordOutput.LONG_STRING) {
        objects.add(text);
      }
      return leaf;
    } else if (tag <= Tag.DOUBLES) {
      Object array = PrimitiveArrays.read(tag, in);
      admit(array.getClass(), Array.getLength(array), depth);
      objects.add(array);
      return array;
    } else if (tag >= Tag.ARRAY_LIST && tag <= Tag.IMMUTABLE_NULLS_LIST) {
      return readList(tag, depth);
    } else if (tag == Tag.REFERENCE) {
      return readReference(depth);
    } else if (tag == Tag.ENUM) {
      return readEnum(depth);
    }
    throw new CodecException("damaged bytes: no part of a record has tag " + tag);
  }

  private Object readReference(int depth) throws CodecException {
    admit(null, -1, depth);
    int number = in.readVarInt();
    Object object = number < 0 || number >= objects.size() ? OPEN : objects.get(number);
    if (object == OPEN) {
      throw new CodecException("damaged bytes: a reference to nothing");
    }
    return object;
  }

  private Object readList(int tag, int depth) throws CodecException {
    admit(ArrayList.class, -1, depth);
    int size = in.readCount(1);
    admit(Object[].class, size, depth);
    int number = objects.size();
    @Nullable Object[] elements = new @Nullable Object[tag == Tag.ARRAY_LIST ? 0 : size];
    List<@Nullable Object> list = new ArrayList<>(tag == Tag.ARRAY_LIST ? size : 0);
    objects.add(tag == Tag.ARRAY_LIST ? list : OPEN);
    for (int i = 0; i < size; i++) {
      Object element = read(depth + 1);
      if (tag == Tag.ARRAY_LIST) {
        list.add(element);
      } else {
        elements[i] = element;
      }
    }
    if (tag == Tag.ARRAY_LIST) {
      return list;
    }
    Object made = Lists.immutable(tag, elements);
    objects.set(number, made);
    return made;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // checked by isEnum
  private Object readEnum(int depth) throws CodecException {
    Class<?> type = find(readText());
    admit(type, -1, depth);
    String name = readText();
    if (!type.isEnum()) {
      throw new CodecException("damaged bytes: " + type.getName() + " is no enum");
    }
    try {
      Object constant = Enum.valueOf((Class<? extends Enum>) type, name);
      objects.add(constant);
      return constant;
    } catch (IllegalArgumentException e) {
      throw new CodecException(
          "a class differs between sender and receiver: no " + name + " in " + type.getName(), e);
    }
  }

  private Object readRecord(int depth) throws CodecException {
    RecordShape shape = readShape();
    admit(shape.type(), -1, depth);
    int number = objects.size();
    objects.add(OPEN);
    @Nullable Object[] components = new @Nullable Object[shape.size()];
    for (int i = 0; i < components.length; i++) {
      Class<?> type = shape.type(i);
      if (type == int.class) {
        components[i] = in.readInt();
      } else if (type == long.class) {
        components[i] = in.readLong();
      } else if (type == double.class) {
        components[i] = Double.longBitsToDouble(in.readLong());
      } else {
        components[i] = read(depth + 1);
      }
    }
    try {
      Object made = shape.make(components);
      objects.set(number, made);
      return made;
    } catch (RecordShape.NotRebuilt e) {
      throw Decoder.notRebuilt(e);
    } catch (InvalidObjectException e) {
      throw new CodecException("damaged bytes: " + e.getMessage(), e);
    }
  }

  private RecordShape readShape() throws CodecException {
    int number = in.readVarInt();
    if (number >= 0 && number < shapes.size()) {
      return shapes.get(number);
    } else if (number != shapes.size()) {
      throw new CodecException("damaged bytes: no record class " + number);
    }
    Class<?> type = find(readText());
    String signature = readText();
    RecordShape shape = RecordShape.of(type);
    String problem =
        shape == null ? type.getName() + " is no record here" : shape.problem(signature);
    if (shape == null || problem != null) {
      throw new CodecException("a class differs between sender and receiver: " + problem);
    }
    shapes.add(shape);
    return shape;
  }

  private String readText() throws CodecException {
    if (Leaves.read(in.unsignedByte(), in) instanceof String text) {
      return text;
    }
    throw new CodecException("damaged bytes: text is expected");
  }

  private Class<?> find(String name) throws CodecException {
    try {
      return GraphInput.find(name, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new CodecException(Decoder.missingClass(e, name), e);
    }
  }

  private void admit(@Nullable Class<?> type, long length, int depth) throws CodecException {
    if (length < 0 && check.admitsAll(depth)) {
      return; // the usual case makes no question
    }
    long bytes = (long) start - in.remaining();
    InputCheck.Seen seen = new InputCheck.Seen(type, length, depth, objects.size() + 1L, bytes);
    if (check.check(seen) == ObjectInputFilter.Status.REJECTED) {
      throw new CodecException(String.valueOf(check.rejected()));
    }
  }
}
