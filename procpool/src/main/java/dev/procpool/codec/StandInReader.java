package dev.procpool.codec;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the {@linkplain StandIn stand-ins} of one stream stand for. Owned by the thread that
 * reads.
 *
 * <p>The bytes may be hostile: each class is asked about before it is used, each number before room
 * is made for it.
 */
final class StandInReader {

  private final GraphInput in;

  /** The record classes met, in the order in which the writer numbered them. */
  private final List<RecordShape> shapes = new ArrayList<>(2);

  StandInReader(GraphInput in) {
    this.in = in;
  }

  Object read(StandIn self) throws IOException, ClassNotFoundException {
    int number = in.readSelf(self);
    DataForm form = DataForm.numbered(in.readUnsignedByte());
    if (form == null) {
      throw new InvalidObjectException("no such form");
    }
    RecordShape shape = form == DataForm.RECORD ? readShape() : null;
    Class<?> type = shape != null ? shape.type() : rebuiltAs(form);
    in.admit(type, -1);
    in.open(number, type);
    Object value;
    try {
      value = shape != null ? readRecord(shape) : read(form);
    } catch (InvalidPathException | ClassCastException | NullPointerException e) {
      throw new InvalidObjectException("no " + type.getName() + ": " + e);
    }
    in.close(number, value.getClass());
    return value;
  }

  /** The class of what comes of a form, as a filter is asked about it. */
  private Class<?> rebuiltAs(DataForm form) throws ClassNotFoundException {
    return switch (form) {
      case RECORD -> Record.class;
      case OPTIONAL -> Optional.class;
      case OPTIONAL_INT -> OptionalInt.class;
      case OPTIONAL_LONG -> OptionalLong.class;
      case OPTIONAL_DOUBLE -> OptionalDouble.class;
      case PATH -> Path.class; // what implements it has another name on each system
      case ENTRY -> AbstractMap.SimpleImmutableEntry.class;
      case COPIES -> DataForm.COPIES_CLASS;
      case LIST -> ArrayList.class;
      case SET -> LinkedHashSet.class;
      case SORTED_SET -> TreeSet.class;
      case DEQUE -> ArrayDeque.class;
      case MAP -> LinkedHashMap.class;
      case SORTED_MAP -> TreeMap.class;
      case UNIT -> in.find(DataForm.UNIT_CLASS);
    };
  }

  private Object read(DataForm form) throws IOException, ClassNotFoundException {
    return switch (form) {
      case RECORD -> throw new InvalidObjectException("a record without a class");
      case OPTIONAL -> Optional.ofNullable(in.readObject());
      case OPTIONAL_INT -> {
        boolean isPresent = in.readBoolean();
        int number = in.readInt();
        yield isPresent ? OptionalInt.of(number) : OptionalInt.empty();
      }
      case OPTIONAL_LONG -> {
        boolean isPresent = in.readBoolean();
        long number = in.readLong();
        yield isPresent ? OptionalLong.of(number) : OptionalLong.empty();
      }
      case OPTIONAL_DOUBLE -> {
        boolean isPresent = in.readBoolean();
        double number = Double.longBitsToDouble(in.readLong());
        yield isPresent ? OptionalDouble.of(number) : OptionalDouble.empty();
      }
      case PATH -> Path.of((String) in.readObject());
      case ENTRY -> {
        Object key = in.readObject();
        yield new AbstractMap.SimpleImmutableEntry<>(key, in.readObject());
      }
      case COPIES -> {
        int size = in.readInt();
        if (size < 0) {
          throw new InvalidObjectException(size + " copies");
        }
        in.admit(Object[].class, size); // which take no memory
        yield Collections.nCopies(size, in.readObject());
      }
      case LIST -> readInto(new ArrayList<>(), readSize(1));
      case SET -> readInto(new LinkedHashSet<>(), readSize(2));
      case DEQUE -> readInto(new ArrayDeque<>(), readSize(1));
      case SORTED_SET -> readInto(new TreeSet<>(readComparator()), readSize(1));
      case MAP -> readInto(new LinkedHashMap<>(), readSize(2));
      case SORTED_MAP -> readInto(new TreeMap<>(readComparator()), readSize(1));
      case UNIT -> unit();
    };
  }

  /** Reads how many elements follow, and has the room for them allowed. */
  private int readSize(int roomForEach) throws IOException {
    int size = in.readInt();
    if (size < 0) {
      throw new InvalidObjectException(size + " elements");
    }
    in.reserve(size, roomForEach);
    return size;
  }

  @SuppressWarnings("NullAway") // elements may be null
  private Object readInto(Collection<Object> elements, int size)
      throws IOException, ClassNotFoundException {
    for (int i = 0; i < size; i++) {
      elements.add(in.readObject());
    }
    return elements;
  }

  @SuppressWarnings("NullAway") // keys and values may be null
  private Object readInto(Map<Object, Object> map, int size)
      throws IOException, ClassNotFoundException {
    for (int i = 0; i < size; i++) {
      Object key = in.readObject();
      map.put(key, in.readObject());
    }
    return map;
  }

  @SuppressWarnings("unchecked") // a comparator of something else throws, which fails the value
  private @Nullable Comparator<Object> readComparator() throws IOException, ClassNotFoundException {
    return (Comparator<Object>) in.readObject();
  }

  private Object unit() throws ClassNotFoundException, InvalidObjectException {
    try {
      return in.find(DataForm.UNIT_CLASS).getField("INSTANCE").get(null);
    } catch (ReflectiveOperationException e) {
      if (e instanceof ClassNotFoundException missing) {
        throw missing;
      }
      throw new InvalidObjectException("no " + DataForm.UNIT_CLASS + ": " + e);
    }
  }

  private RecordShape readShape() throws IOException, ClassNotFoundException {
    int number = in.readInt();
    if (number >= 0 && number < shapes.size()) {
      return shapes.get(number);
    } else if (number != shapes.size()) {
      throw new InvalidObjectException("no record class " + number);
    }
    RecordShape shape = in.shape(in.readUTF(), in.readUTF());
    shapes.add(shape);
    return shape;
  }

  private Object readRecord(RecordShape shape) throws IOException, ClassNotFoundException {
    @Nullable Object[] components = new @Nullable Object[shape.size()];
    for (int i = 0; i < components.length; i++) {
      Class<?> type = shape.type(i);
      if (!type.isPrimitive()) {
        components[i] = in.readObject();
      } else if (type == int.class) {
        components[i] = in.readInt();
      } else if (type == long.class) {
        components[i] = in.readLong();
      } else if (type == double.class) {
        components[i] = Double.longBitsToDouble(in.readLong());
      } else if (type == boolean.class) {
        components[i] = in.readBoolean();
      } else if (type == float.class) {
        components[i] = Float.intBitsToFloat(in.readInt());
      } else if (type == char.class) {
        components[i] = in.readChar();
      } else if (type == short.class) {
        components[i] = in.readShort();
      } else {
        components[i] = in.readByte();
      }
    }
    return shape.make(components);
  }
}
