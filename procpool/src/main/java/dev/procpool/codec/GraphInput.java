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
 * filter, and all arrays together take no more memory than {@link ArraySize} allows for the bytes
 * present.
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

  private final @Nullable ClassLoader loader;

  /** The pool's own filter, and that of the JVM; of each null if there is none. */
  private final @Nullable ObjectInputFilter filter;

  private final @Nullable ObjectInputFilter wide;

  /** How many bytes came. */
  private final int length;

  /** How many elements the arrays have that were made, or asked about. */
  private long elements;

  /** What these arrays take. */
  private long arrayBytes;

  /** What they may have all together. */
  private final long mostArrayBytes;

  private @Nullable String rejected;
  private @Nullable String missing;

  GraphInput(
      byte[] bytes,
      int offset,
      int length,
      @Nullable ClassLoader loader,
      @Nullable ObjectInputFilter filter,
      boolean isTrusting)
      throws IOException {
    super(new ByteArrayInputStream(bytes, offset, length));
    this.loader = loader;
    this.filter = filter;
    this.wide = getObjectInputFilter(); // which ours may only narrow
    this.length = length;
    this.mostArrayBytes = isTrusting ? Long.MAX_VALUE : ArraySize.most(length);
    setObjectInputFilter(this::check);
  }

  /** Loads what reading a graph takes, with what a lambda is read as. */
  static void prepare() {
    try (GraphInput smallest = new GraphInput(SMALLEST, 0, SMALLEST.length, null, null, true)) {
      smallest.readObject();
      ObjectStreamClass.lookup(SerializedLambda.class);
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private ObjectInputFilter.Status check(ObjectInputFilter.FilterInfo info) {
    if (info.arrayLength() >= 0) {
      elements += info.arrayLength();
      arrayBytes += ArraySize.of(info.serialClass(), info.arrayLength());
      if (arrayBytes > mostArrayBytes) {
        return reject(
            "REJECTED: collections and arrays of "
                + elements
                + " elements, which take "
                + arrayBytes
                + " bytes of memory, came in "
                + length
                + " bytes, as Collections.nCopies does: that much memory is not reserved on a"
                + " worker's word; return new ArrayList<>(list), or the element and its number");
      }
    }
    ObjectInputFilter.Status own = status(filter, info);
    if (own == ObjectInputFilter.Status.REJECTED) {
      return reject(
          filter instanceof DepthFilter depth
              ? "REJECTED: the objects are nested more than "
                  + depth.most()
                  + " deep, the limit where no resultFilter is set; return a list in place of a"
                  + " chain, or set a resultFilter with a larger maxdepth"
              : describe("resultFilter", filter, info));
    }
    ObjectInputFilter.Status jvm = status(wide, info);
    if (jvm == ObjectInputFilter.Status.REJECTED) {
      return reject(describe("jdk.serialFilter of this JVM", wide, info));
    }
    return own == ObjectInputFilter.Status.ALLOWED ? own : jvm;
  }

  private static ObjectInputFilter.Status status(
      @Nullable ObjectInputFilter filter, ObjectInputFilter.FilterInfo info) {
    return filter == null ? ObjectInputFilter.Status.UNDECIDED : filter.checkInput(info);
  }

  private ObjectInputFilter.Status reject(String why) {
    if (rejected == null) {
      rejected = why;
    }
    return ObjectInputFilter.Status.REJECTED;
  }

  /** Tells what a filter objects to: the class by itself, or a number. */
  private static String describe(
      String name, @Nullable ObjectInputFilter filter, ObjectInputFilter.FilterInfo info) {
    Class<?> type = info.serialClass();
    String which = "REJECTED by the deserialization filter (" + name + "): ";
    if (type != null && status(filter, new ClassAlone(type)) == ObjectInputFilter.Status.REJECTED) {
      return which
          + type.getTypeName()
          + "; if that class is to be trusted, let the filter allow it";
    }
    return which
        + (info.arrayLength() < 0 ? "" : "an array of " + info.arrayLength() + " elements in ")
        + "a graph of depth "
        + info.depth()
        + " with "
        + info.references()
        + " references and "
        + info.streamBytes()
        + " bytes so far; return less, or let the filter allow more";
  }

  /** A question about a class that no limit can be the answer to. */
  private record ClassAlone(Class<?> serialClass) implements ObjectInputFilter.FilterInfo {

    @Override
    public long arrayLength() {
      return -1;
    }

    @Override
    public long depth() {
      return 1;
    }

    @Override
    public long references() {
      return 1;
    }

    @Override
    public long streamBytes() {
      return 0;
    }
  }

  /** What was rejected, why, and what to do; null if nothing was. */
  @Nullable String rejected() {
    return rejected;
  }

  /**
   * What to say of the first class that was not found; null if none was missing. The stream itself
   * may fail with something else before it reports that.
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
        missing = Decoder.missingClass(e, name);
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
