package dev.procpool.codec;

import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What is plainly data though its class is not {@code Serializable}. The order is that of the
 * bytes.
 */
enum DataForm {
  /** A record of any class. */
  RECORD,
  OPTIONAL,
  OPTIONAL_INT,
  OPTIONAL_LONG,
  OPTIONAL_DOUBLE,

  /** A path of the default file system, as text. */
  PATH,
  ENTRY,

  /** {@code Collections.nCopies}, which is serializable, but with a check that its size fits. */
  COPIES,

  /** The JDK's views of collections and maps, as what they show. */
  LIST,
  SET,
  SORTED_SET,
  DEQUE,
  MAP,
  SORTED_MAP,

  /** {@code kotlin.Unit}, which each process has one of. */
  UNIT;

  static final String UNIT_CLASS = "kotlin.Unit";

  static final Class<?> COPIES_CLASS = Collections.nCopies(1, null).getClass();

  private static final DataForm[] FORMS = values();

  /** How the bytes call it. */
  @SuppressWarnings("EnumOrdinal") // as below
  int number() {
    return ordinal();
  }

  /** The form of a number; null if there is none. */
  @SuppressWarnings("EnumOrdinal") // the order is that of the bytes
  static @Nullable DataForm numbered(int number) {
    return number < 0 || number >= FORMS.length ? null : FORMS[number];
  }

  /** The form of a value; null if Java serialization takes it, or nothing does. */
  static @Nullable DataForm of(Object value) {
    if (value instanceof Serializable) {
      return value.getClass() == COPIES_CLASS ? COPIES : null;
    } else if (value instanceof Record) {
      RecordShape shape = RecordShape.of(value.getClass());
      return shape != null && shape.isOpen() ? RECORD : null;
    } else if (value instanceof Path path) {
      return path.getFileSystem() == FileSystems.getDefault() ? PATH : null;
    } else if (value instanceof Optional) {
      return OPTIONAL;
    } else if (value instanceof OptionalInt) {
      return OPTIONAL_INT;
    } else if (value instanceof OptionalLong) {
      return OPTIONAL_LONG;
    } else if (value instanceof OptionalDouble) {
      return OPTIONAL_DOUBLE;
    } else if (value instanceof Map.Entry) {
      return ENTRY;
    } else if (value instanceof Collection || value instanceof Map) {
      return isView(value.getClass()) ? ofView(value) : null;
    }
    return value.getClass().getName().equals(UNIT_CLASS) ? UNIT : null;
  }

  /**
   * Tells whether a class is a view of the JDK's: no user's code can name it. Those of an {@code
   * IdentityHashMap} hold what no other set would.
   */
  private static boolean isView(Class<?> type) {
    return Advice.isOfJdk(type)
        && !Modifier.isPublic(type.getModifiers())
        && !type.getName().startsWith("java.util.IdentityHashMap");
  }

  private static @Nullable DataForm ofView(Object value) {
    if (value instanceof Map) {
      return value instanceof SortedMap ? SORTED_MAP : MAP;
    } else if (value instanceof SortedSet) {
      return SORTED_SET;
    } else if (value instanceof Set) {
      return SET;
    } else if (value instanceof List) {
      return LIST;
    } else if (value instanceof Deque) {
      return DEQUE;
    }
    return value instanceof Queue ? null : LIST;
  }
}
