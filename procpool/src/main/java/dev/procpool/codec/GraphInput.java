package dev.procpool.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The object stream that values are read with: classes come from the value's own loader, under a
 * filter, and all arrays together are not larger than the bytes present could fill.
 */
final class GraphInput extends ObjectInputStream {

  private static final Map<String, Class<?>> PRIMITIVES =
      Map.of(
          "boolean", boolean.class,
          "byte", byte.class,
          "char", char.class,
          "short", short.class,
          "int", int.class,
          "long", long.class,
          "float", float.class,
          "double", double.class,
          "void", void.class);

  /** A stream of null alone. */
  private static final byte[] SMALLEST = {
    (byte) 0xac, (byte) 0xed, 0, 5, ObjectStreamConstants.TC_NULL
  };

  private static final String OWN_PACKAGE = "dev.procpool.";

  private final ClassLoader loader;

  /** How many elements the arrays have that were made, or asked about. */
  private long elements;

  private @Nullable String rejected;
  private @Nullable String missing;

  GraphInput(
      byte[] bytes,
      int offset,
      int length,
      @Nullable ClassLoader loader,
      @Nullable ObjectInputFilter filter)
      throws IOException {
    super(new ByteArrayInputStream(bytes, offset, length));
    this.loader = loader;
    ObjectInputFilter wide = getObjectInputFilter(); // the JVM's own, which ours may only narrow
    ObjectInputFilter merged = filter == null ? wide : ObjectInputFilter.merge(filter, wide);
    // A collection may make a table some times larger than its elements; each takes a byte or more.
    long most = 1024 + 16L * length;
    setObjectInputFilter(info -> check(info, merged, most));
  }

  /** Loads what reading a graph takes, with what a lambda is read as. */
  static void prepare() {
    try (GraphInput smallest = new GraphInput(SMALLEST, 0, SMALLEST.length, null, null)) {
      smallest.readObject();
      ObjectStreamClass.lookup(SerializedLambda.class);
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private ObjectInputFilter.Status check(
      ObjectInputFilter.FilterInfo info, @Nullable ObjectInputFilter filter, long most) {
    ObjectInputFilter.Status status = ObjectInputFilter.Status.UNDECIDED;
    elements += Math.max(0, info.arrayLength());
    if (elements > most) {
      rejected = "arrays of " + elements + " elements in fewer bytes than these take";
      return ObjectInputFilter.Status.REJECTED;
    }
    if (filter != null) {
      status = filter.checkInput(info);
      if (status == ObjectInputFilter.Status.REJECTED && rejected == null) {
        Class<?> type = info.serialClass();
        rejected =
            type == null
                ? "a graph of depth " + info.depth() + " with " + info.references() + " references"
                : type.getName();
      }
    }
    return status;
  }

  /** What the filter rejected; null if nothing. */
  @Nullable String rejected() {
    return rejected;
  }

  /**
   * The first class that was not found; null if none. The stream itself may fail with something
   * else before it reports that.
   */
  @Nullable String missing() {
    return missing;
  }

  @Override
  protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
    return find(description.getName());
  }

  private Class<?> find(String name) throws ClassNotFoundException {
    Class<?> primitive = PRIMITIVES.get(name);
    if (primitive != null) {
      return primitive;
    }
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException e) {
      if (name.startsWith(OWN_PACKAGE)) { // the value's loader need not see the pool
        try {
          return Class.forName(name, false, GraphInput.class.getClassLoader());
        } catch (ClassNotFoundException more) {
          e.addSuppressed(more);
        }
      }
      if (missing == null) {
        missing = e.getMessage() == null ? name : e.getMessage();
      }
      throw e;
    }
  }

  @Override
  @SuppressWarnings("deprecation") // newProxyInstance would make an object just to ask its class
  protected Class<?> resolveProxyClass(String[] names) throws ClassNotFoundException {
    Class<?>[] interfaces = new Class<?>[names.length];
    ClassLoader defining = loader;
    for (int i = 0; i < names.length; i++) {
      interfaces[i] = find(names[i]);
      if (!Modifier.isPublic(interfaces[i].getModifiers())) {
        defining = interfaces[i].getClassLoader(); // a proxy lies beside its non-public interface
      }
    }
    try {
      return Proxy.getProxyClass(defining, interfaces);
    } catch (IllegalArgumentException e) {
      throw new ClassNotFoundException("a proxy of " + String.join(", ", names), e);
    }
  }
}
