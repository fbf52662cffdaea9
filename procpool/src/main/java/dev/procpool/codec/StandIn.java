package dev.procpool.codec;

import java.io.Externalizable;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What lies in a stream of Java serialization in place of a value that is data, but not {@code
 * Serializable}; reading resolves it to such a value. Public, with a constructor, because streams
 * make it.
 *
 * <p>It begins with a reference to itself. That tells the reader its number in the stream, and so
 * which later references lead back to what is not yet made.
 */
public final class StandIn implements Externalizable {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // written in a form of its own
  private @Nullable Object value;

  private @Nullable DataForm form;

  /** For streams. */
  public StandIn() {}

  StandIn(Object value, DataForm form) {
    this.value = value;
    this.form = form;
  }

  @Override
  public void writeExternal(ObjectOutput stream) throws IOException {
    if (!(stream instanceof GraphOutput out) || form == null || value == null) {
      throw new InvalidObjectException("a stand-in is of the codec's own streams");
    }
    out.writeObject(this);
    out.writeByte(form.number());
    write(value, form, out);
  }

  private static void write(Object value, DataForm form, GraphOutput out) throws IOException {
    switch (form) {
      case RECORD -> writeRecord(value, out);
      case OPTIONAL -> out.writeObject(((Optional<?>) value).orElse(null));
      case OPTIONAL_INT -> {
        OptionalInt number = (OptionalInt) value;
        out.writeBoolean(number.isPresent());
        out.writeInt(number.orElse(0));
      }
      case OPTIONAL_LONG -> {
        OptionalLong number = (OptionalLong) value;
        out.writeBoolean(number.isPresent());
        out.writeLong(number.orElse(0));
      }
      case OPTIONAL_DOUBLE -> {
        OptionalDouble number = (OptionalDouble) value;
        out.writeBoolean(number.isPresent());
        out.writeLong(Double.doubleToRawLongBits(number.orElse(0)));
      }
      case PATH -> out.writeObject(value.toString());
      case ENTRY -> {
        out.writeObject(((Map.Entry<?, ?>) value).getKey());
        out.writeObject(((Map.Entry<?, ?>) value).getValue());
      }
      case COPIES -> {
        List<?> copies = (List<?>) value;
        out.writeInt(copies.size());
        out.writeObject(copies.isEmpty() ? null : copies.get(0));
      }
      case LIST, SET, DEQUE -> writeElements((Collection<?>) value, out);
      case SORTED_SET -> {
        out.writeObject(((SortedSet<?>) value).comparator());
        writeElements((Collection<?>) value, out);
      }
      case MAP -> writeEntries((Map<?, ?>) value, out);
      case SORTED_MAP -> {
        out.writeObject(((SortedMap<?, ?>) value).comparator());
        writeEntries((Map<?, ?>) value, out);
      }
      case UNIT -> {}
    }
  }

  private static void writeRecord(Object value, GraphOutput out) throws IOException {
    RecordShape shape = out.writeShape(value.getClass());
    for (int i = 0; i < shape.size(); i++) {
      Object component = shape.get(value, i);
      Class<?> type = shape.type(i);
      if (!type.isPrimitive() || component == null) {
        out.writeObject(component);
      } else if (type == int.class) {
        out.writeInt((Integer) component);
      } else if (type == long.class) {
        out.writeLong((Long) component);
      } else if (type == double.class) {
        out.writeLong(Double.doubleToRawLongBits((Double) component));
      } else if (type == boolean.class) {
        out.writeBoolean((Boolean) component);
      } else if (type == float.class) {
        out.writeInt(Float.floatToRawIntBits((Float) component));
      } else if (type == char.class) {
        out.writeChar((Character) component);
      } else if (type == short.class) {
        out.writeShort((Short) component);
      } else {
        out.writeByte((Byte) component);
      }
    }
  }

  private static void writeElements(Collection<?> elements, GraphOutput out) throws IOException {
    Object[] all = elements.toArray(); // another thread may add some meanwhile
    out.writeInt(all.length);
    for (Object element : all) {
      out.writeObject(element);
    }
  }

  private static void writeEntries(Map<?, ?> map, GraphOutput out) throws IOException {
    Object[] all = map.entrySet().toArray();
    out.writeInt(all.length);
    for (Object entry : all) {
      out.writeObject(((Map.Entry<?, ?>) entry).getKey());
      out.writeObject(((Map.Entry<?, ?>) entry).getValue());
    }
  }

  @Override
  public void readExternal(ObjectInput stream) throws IOException, ClassNotFoundException {
    if (!(stream instanceof GraphInput in)) {
      throw new InvalidObjectException("a stand-in is of the codec's own streams");
    }
    value = in.standIns().read(this);
  }

  private Object readResolve() throws InvalidObjectException {
    if (value == null) {
      throw new InvalidObjectException("a stand-in for nothing");
    }
    return value;
  }
}
