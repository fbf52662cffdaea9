package dev.procpool.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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

  /** A name, as the class itself would be loaded for every stream. */
  private static final String STAND_IN = "dev.procpool.codec.StandIn";

  private final byte[] bytes;
  private final int offset;
  private final @Nullable ClassLoader loader;
  private final InputCheck check;
  private @Nullable StandInReader standIns;

  /** What the stream last asked about; it asks about each object before it reads it. */
  private ObjectInputFilter.@Nullable FilterInfo last;

  /** The class of stand-ins; null until the stream has one: most have none. */
  private @Nullable Class<?> standInClass;

  /** Whether the next reference is that of a stand-in to itself. */
  private boolean expectsSelf;

  /** How many of these were read: a filter that counts references is not told of them. */
  private long selfReferences;

  private @Nullable Class<?> justRebuilt;

  /** What is being rebuilt, by the numbers of its stand-ins in the stream. */
  private final Map<Integer, Class<?>> open = new HashMap<>();

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
    this.bytes = bytes;
    this.offset = offset;
    this.loader = loader;
    // this stream's filter is yet that of the JVM
    this.check = new InputCheck(filter, getObjectInputFilter(), length, isTrusting);
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
    last = info;
    Class<?> rebuilt = justRebuilt;
    justRebuilt = null;
    Class<?> type = info.serialClass();
    if (type != null && (type == standInClass || type == rebuilt)) {
      return ObjectInputFilter.Status.UNDECIDED; // it is asked about what this stands for
    } else if (type == null && info.arrayLength() < 0) {
      if (expectsSelf) {
        return ObjectInputFilter.Status.UNDECIDED;
      }
      Class<?> around = open.isEmpty() ? null : open.get(reference());
      if (around != null) {
        return check.reject(Cycle.of(around));
      }
    }
    return check.check(selfReferences == 0 ? info : seen(type, info.arrayLength()));
  }

  private ObjectInputFilter.FilterInfo seen(@Nullable Class<?> type, long length) {
    ObjectInputFilter.FilterInfo info = Objects.requireNonNull(last);
    long references = info.references() - selfReferences;
    return new InputCheck.Seen(type, length, info.depth(), references, info.streamBytes());
  }

  /** The number of the object that the reference just read leads to. */
  private int reference() {
    long end = offset + Objects.requireNonNull(last).streamBytes();
    return end < Integer.BYTES || end > bytes.length
        ? -1
        : (int) ByteOutput.INTS.get(bytes, (int) end - Integer.BYTES);
  }

  StandInReader standIns() {
    if (standIns == null) {
      standIns = new StandInReader(this);
    }
    return standIns;
  }

  /** Reads a stand-in's reference to itself, and gives its number in this stream. */
  int readSelf(StandIn self) throws IOException, ClassNotFoundException {
    ObjectInputFilter.FilterInfo ofSelf = Objects.requireNonNull(last);
    expectsSelf = true;
    Object read;
    try {
      read = readObject();
    } finally {
      expectsSelf = false;
    }
    int number = reference();
    last = ofSelf;
    selfReferences++;
    if (read != self || number < ObjectStreamConstants.baseWireHandle) {
      throw new InvalidObjectException("a stand-in that does not begin with itself");
    }
    return number;
  }

  /** Asks whether what a stand-in stands for may be read: a class, or an array of so many. */
  void admit(Class<?> type, long length) throws InvalidClassException {
    admit(check.ask(seen(type, length)));
  }

  /** Asks for the room of a collection. */
  void reserve(int size, int roomForEach) throws InvalidClassException {
    admit(check.check(seen(Object[].class, (long) size * roomForEach)));
  }

  private static void admit(ObjectInputFilter.Status status) throws InvalidClassException {
    if (status == ObjectInputFilter.Status.REJECTED) {
      throw new InvalidClassException("filter status: REJECTED");
    }
  }

  /** Begins what is not made before all of its parts are. */
  void open(int number, Class<?> type) {
    open.put(number, type);
  }

  /** Ends it; the stream asks about what was rebuilt, which was asked about as it began. */
  void close(int number, Class<?> rebuilt) {
    open.remove(number);
    justRebuilt = rebuilt;
  }

  /** Finds a record class that has the same components here as where it comes from. */
  RecordShape shape(String name, String signature) throws IOException, ClassNotFoundException {
    Class<?> type = find(name);
    RecordShape shape = RecordShape.of(type);
    String problem = shape == null ? "it is no record here" : shape.problem(signature);
    if (shape == null || problem != null) {
      throw new InvalidClassException(name, problem);
    }
    return shape;
  }

  /** What was rejected, why, and what to do; null if nothing was. */
  @Nullable String rejected() {
    return check.rejected();
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
    Class<?> type = find(description.getName());
    if (standInClass == null && description.getName().equals(STAND_IN)) {
      standInClass = type;
    }
    return type;
  }

  /** Finds a class, with the value's loader. */
  Class<?> find(String name) throws ClassNotFoundException {
    try {
      return find(name, loader);
    } catch (ClassNotFoundException e) {
      if (missing == null) {
        missing = Decoder.missingClass(e, name);
      }
      throw e;
    }
  }

  static Class<?> find(String name, @Nullable ClassLoader loader) throws ClassNotFoundException {
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
      throw e;
    }
  }

  /** The filter that a stream has which was given none; null if there is none. */
  static @Nullable ObjectInputFilter filterOfJvm() {
    return ObjectInputFilter.Config.getSerialFilterFactory()
        .apply(null, ObjectInputFilter.Config.getSerialFilter());
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
