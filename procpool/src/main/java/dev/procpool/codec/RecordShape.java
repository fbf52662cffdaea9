package dev.procpool.codec;

import dev.procpool.guard.SafeText;
import java.io.Externalizable;
import java.io.InvalidObjectException;
import java.lang.ref.SoftReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How records of one class are taken apart, field by field, and made again, by their canonical
 * constructor. Immutable, thread-safe.
 *
 * <p>By reflection: what method handles would gain, their set-up costs a worker that reads a few
 * records.
 */
final class RecordShape {

  /**
   * The shapes in use; guarded by itself. Not a {@code ClassValue}, by which a class that outlives
   * this one's loader would keep it.
   */
  private static final Map<Class<?>, SoftReference<RecordShape>> KNOWN = new WeakHashMap<>();

  private final Class<?> type;
  private final Field[] fields;
  private final Class<?>[] types;
  private final Constructor<?> constructor;
  private final String signature;
  private final boolean isOpen;

  /** Whether records of this class may have a compact form, as none had a part that has none. */
  private volatile boolean isCompact;

  private RecordShape(Class<?> type) throws NoSuchMethodException, NoSuchFieldException {
    RecordComponent[] components = type.getRecordComponents();
    this.type = type;
    this.fields = new Field[components.length];
    this.types = new Class<?>[components.length];
    StringBuilder names = new StringBuilder();
    boolean open = true;
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      fields[i] = type.getDeclaredField(name);
      types[i] = components[i].getType();
      open &= fields[i].trySetAccessible();
      names.append(name).append(' ').append(types[i].getName()).append(';');
    }
    this.constructor = type.getDeclaredConstructor(types);
    this.isOpen = open && constructor.trySetAccessible();
    this.signature = names.toString();
    this.isCompact = isOpen && !isReplaced(type);
  }

  /** Gives the shape of a record class; null if that is none, or its parts can't be found. */
  static @Nullable RecordShape of(Class<?> type) {
    synchronized (KNOWN) {
      SoftReference<RecordShape> known = KNOWN.get(type);
      RecordShape shape = known == null ? null : known.get();
      if (shape == null && type.isRecord()) {
        try {
          shape = new RecordShape(type);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
          return null; // a class file that says record and is none, or a class that is missing
        }
        KNOWN.put(type, new SoftReference<>(shape));
      }
      return shape;
    }
  }

  /** Tells whether a class has something else serialized, or read, in the place of its records. */
  private static boolean isReplaced(Class<?> type) {
    for (Method method : type.getDeclaredMethods()) {
      String name = method.getName();
      if (name.equals("writeReplace") || name.equals("readResolve")) {
        return true;
      }
    }
    return Externalizable.class.isAssignableFrom(type);
  }

  /** Tells whether {@link RecordOutput} is to try records of this class. */
  boolean isCompact() {
    return isCompact;
  }

  /** Has it try no more of them: one had a part that it does not take. */
  void notCompact() {
    isCompact = false;
  }

  /** What speaks against records of this class whose components were so; null if nothing does. */
  @Nullable String problem(String written) {
    if (!isOpen) {
      return type.getName() + " is in a closed package here";
    }
    return signature.equals(written)
        ? null
        : "the components of "
            + type.getName()
            + " are "
            + signature
            + " here, "
            + written
            + " there";
  }

  Class<?> type() {
    return type;
  }

  /** Tells whether the class lies where reflection may look. */
  boolean isOpen() {
    return isOpen;
  }

  /** The names and types of the components: what must be the same on both sides. */
  String signature() {
    return signature;
  }

  int size() {
    return fields.length;
  }

  /** The declared type of a component. */
  Class<?> type(int index) {
    return types[index];
  }

  /** Gives a component as its field has it, whatever an accessor makes of it. */
  @Nullable Object get(Object owner, int index) {
    try {
      return fields[index].get(owner);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e); // it was made accessible
    }
  }

  /** Gives a component of type {@code int}. */
  int getInt(Object owner, int index) {
    try {
      return fields[index].getInt(owner);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e); // it was made accessible
    }
  }

  /** Gives a component of type {@code long}. */
  long getLong(Object owner, int index) {
    try {
      return fields[index].getLong(owner);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e); // it was made accessible
    }
  }

  /** Gives a component of type {@code double}. */
  double getDouble(Object owner, int index) {
    try {
      return fields[index].getDouble(owner);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e); // it was made accessible
    }
  }

  /**
   * Makes a record.
   *
   * @throws InvalidObjectException if its constructor threw, or these are not its components
   */
  Object make(@Nullable Object[] components) throws InvalidObjectException {
    Throwable thrown;
    try {
      return constructor.newInstance(components);
    } catch (InvocationTargetException e) {
      thrown = e.getCause() == null ? e : e.getCause();
    } catch (ReflectiveOperationException | IllegalArgumentException | NullPointerException e) {
      throw new InvalidObjectException("no components of " + type.getName() + ": " + e);
    }
    if (thrown instanceof VirtualMachineError fatal) {
      throw fatal;
    }
    throw new NotRebuilt(type, thrown);
  }

  /** The constructor of a record threw. */
  static final class NotRebuilt extends InvalidObjectException {

    private static final long serialVersionUID = 1L;

    NotRebuilt(Class<?> type, Throwable thrown) {
      super(
          "the constructor of record "
              + type.getName()
              + ", by which it is rebuilt, threw "
              + SafeText.of(thrown));
      initCause(thrown);
    }
  }
}
