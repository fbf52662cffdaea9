package dev.procpool.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The compact form of {@code ArrayList} and the JDK's immutable lists when all elements are leaves.
 */
final class Lists {

  private static final Class<?> LIST_12 = List.of(1).getClass();
  private static final Class<?> LIST_N = List.of(1, 2, 3).getClass();

  private Lists() {}

  static boolean isKnown(Object value) {
    Class<?> type = value.getClass();
    return type == ArrayList.class || type == LIST_N || type == LIST_12;
  }

  /** Writes the list; false, and nothing written, if an element is no leaf. */
  static boolean write(List<?> list, ByteOutput out) {
    int size = list.size();
    if (size > 0 && !Leaves.isLeaf(list.get(size - 1))) {
      return false; // most lists of something else are found out here
    }
    long start = out.position();
    out.putByte(tag(list));
    out.putVarInt(size);
    for (int i = 0; i < size; i++) {
      if (!Leaves.write(list.get(i), out)) {
        out.rewind(start);
        return false;
      }
    }
    return true;
  }

  static int tag(List<?> list) {
    if (list.getClass() == ArrayList.class) {
      return Tag.ARRAY_LIST;
    }
    return allowsNulls(list) ? Tag.IMMUTABLE_NULLS_LIST : Tag.IMMUTABLE_LIST;
  }

  /**
   * Tells a list of {@code Stream.toList()} from one of {@code List.of()}: they have one class, but
   * the second's {@code contains(null)} throws. {@code List.copyOf} gives back its argument only if
   * that is of the second kind.
   */
  private static boolean allowsNulls(List<?> list) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) == null) {
        return true;
      }
    }
    return List.copyOf(list) != list;
  }

  static List<?> read(int tag, ByteInput in) throws CodecException {
    int size = in.readCount(1);
    Object[] elements = new Object[size];
    for (int i = 0; i < size; i++) {
      elements[i] = Leaves.read(in.unsignedByte(), in);
      if (elements[i] == null && tag == Tag.IMMUTABLE_LIST) {
        throw new CodecException("damaged bytes: null in a list that can't hold it");
      }
    }
    return tag == Tag.ARRAY_LIST
        ? new ArrayList<>(Arrays.asList(elements))
        : immutable(tag, elements);
  }

  /** Makes the immutable list of a tag. */
  static List<?> immutable(int tag, @Nullable Object[] elements) {
    return tag == Tag.IMMUTABLE_LIST ? List.of(elements) : Arrays.stream(elements).toList();
  }
}
