package dev.procpool.codec;

import dev.procpool.function.Args2;
import dev.procpool.function.Args3;
import dev.procpool.function.Args4;
import dev.procpool.function.Args5;
import dev.procpool.function.Args6;
import dev.procpool.guard.SafeText;
import dev.procpool.spi.ObjectCodec;
import java.io.EOFException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectStreamException;
import java.io.WriteAbortedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one value back. Owned by one thread. */
final class Decoder {

  /** How far causes are followed. */
  private static final int MAX_CAUSES = 64;

  private final ByteInput in;

  /** Arrays that did not travel among the bytes. */
  private final List<byte[]> bodies;

  private int usedBodies;
  private final @Nullable ClassLoader loader;
  private final @Nullable ObjectInputFilter filter;
  private final @Nullable ObjectCodec objects;
  private final boolean isTrusting;

  Decoder(
      ByteInput in,
      List<byte[]> bodies,
      @Nullable ClassLoader loader,
      @Nullable ObjectInputFilter filter,
      @Nullable ObjectCodec objects,
      boolean isTrusting) {
    this.in = in;
    this.bodies = bodies;
    this.loader = loader;
    this.filter = filter;
    this.objects = objects;
    this.isTrusting = isTrusting;
  }

  /** Reads the value, which must take all bytes. */
  @Nullable Object read() throws CodecException {
    int first = in.unsignedByte();
    Object value = read(first & ~Tag.NOT_PLAIN, (first & Tag.NOT_PLAIN) == 0, 0);
    if (in.remaining() > 0) {
      throw new CodecException("damaged bytes: " + in.remaining() + " follow the end of the value");
    }
    if (usedBodies < bodies.size()) {
      throw new CodecException("damaged bytes: the value has not all of its bodies");
    }
    return value;
  }

  private @Nullable Object read(int tag, boolean plain, int depth) throws CodecException {
    if (tag <= Tag.UTF16) {
      return Leaves.read(tag, in);
    } else if (tag <= Tag.DOUBLES) {
      return PrimitiveArrays.read(tag, in);
    } else if (tag <= Tag.ARGS6) {
      return readTuple(tag, plain, depth);
    } else if (tag <= Tag.IMMUTABLE_NULLS_LIST) {
      return Lists.read(tag, in);
    } else if (tag == Tag.SERIALIZED && !plain) {
      return readGraph();
    } else if (tag == Tag.RECORDS && !plain) {
      return readRecords();
    } else if (tag == Tag.OBJECTS && !plain) {
      return readObjects();
    } else if (tag == Tag.BODY && usedBodies < bodies.size()) {
      return readBody();
    }
    throw new CodecException("damaged bytes: no value has tag " + tag + " here");
  }

  private @Nullable Object component(boolean plain, int depth) throws CodecException {
    return read(in.unsignedByte(), plain, depth + 1);
  }

  @SuppressWarnings("NullAway") // components may be null, as their types may
  private Object readTuple(int tag, boolean plain, int depth) throws CodecException {
    if (depth >= Tag.MAX_DEPTH) {
      throw new CodecException("damaged bytes: tuples nested deeper than any encoder writes");
    }
    Object a = component(plain, depth);
    Object b = component(plain, depth);
    if (tag == Tag.ARGS2) {
      return new Args2<>(a, b);
    }
    Object c = component(plain, depth);
    if (tag == Tag.ARGS2 + 1) {
      return new Args3<>(a, b, c);
    }
    Object d = component(plain, depth);
    if (tag == Tag.ARGS2 + 2) {
      return new Args4<>(a, b, c, d);
    }
    Object e = component(plain, depth);
    if (tag == Tag.ARGS2 + 3) {
      return new Args5<>(a, b, c, d, e);
    }
    return new Args6<>(a, b, c, d, e, component(plain, depth));
  }

  private byte[] readBody() throws CodecException {
    int length = in.readVarInt();
    byte[] body = bodies.get(usedBodies++);
    if (body.length != length) {
      throw new CodecException(
          "damaged bytes: a body of " + body.length + " bytes where one of " + length + " belongs");
    }
    return body;
  }

  private Object readGraph() throws CodecException {
    int length = in.readInt();
    int offset = in.take(length);
    GraphInput graph = null;
    try {
      graph = new GraphInput(in.bytes(), offset, length, loader, filter, isTrusting);
      return graph.readObject();
    } catch (RecordShape.NotRebuilt e) {
      throw notRebuilt(e);
    } catch (Throwable e) {
      throw notRead(e, describe(e, graph));
    }
  }

  /** Tells of a record's constructor that threw, as what was thrown. */
  static CodecException notRebuilt(RecordShape.NotRebuilt e) {
    return new CodecException(String.valueOf(e.getMessage()), e.getCause());
  }

  private Object readRecords() throws CodecException {
    try {
      return new RecordInput(in, loader, filter, isTrusting).read();
    } catch (CodecException e) {
      throw e;
    } catch (Throwable e) { // a filter is users' code, too
      throw notRead(e, describe(e, null));
    }
  }

  private @Nullable Object readObjects() throws CodecException {
    int length = in.readInt();
    int offset = in.take(length);
    if (objects == null) {
      throw new CodecException(
          "REJECTED: an object in the form of an object codec, where none is read: no"
              + " deserialization filter can look into it");
    }
    ClassLoader finder = loader == null ? ClassLoader.getSystemClassLoader() : loader;
    try {
      return objects.decode(in.bytes(), offset, length, finder);
    } catch (Throwable e) {
      Throwable missing = classNotFound(e);
      throw notRead(
          e,
          missing == null
              ? notRebuilt("the value could not be rebuilt by its object codec: ", e)
              : describe(missing, null));
    }
  }

  /**
   * Turns what users' code threw into what the codec throws; of memory run out, nothing is made.
   */
  private static CodecException notRead(Throwable error, String message) {
    if (error instanceof StackOverflowError) {
      return new CodecException(
          "the object graph is too deeply nested to be read on this stack", error);
    } else if (error instanceof VirtualMachineError fatal) {
      throw fatal;
    }
    return new CodecException(message, error);
  }

  /** Looks for a class not found among the causes, which may go in a circle. */
  private static @Nullable Throwable classNotFound(Throwable error) {
    int depth = 0;
    for (Throwable e = error; e != null && depth < MAX_CAUSES; e = SafeText.cause(e), depth++) {
      if (e instanceof ClassNotFoundException) {
        return e;
      }
    }
    return null;
  }

  /** Says that a class was not found, by the exception or by its name. */
  static String missingClass(Throwable error, @Nullable String name) {
    String message = SafeText.message(error);
    if (error instanceof ClassWithoutFile) {
      return String.valueOf(message);
    } else if (error instanceof UnsupportedClassVersionError newer) {
      return NewerClass.describe(newer);
    }
    return "class "
        + (message == null ? name : message.replace('/', '.'))
        + " exists in the process that sent the value but can't be found in this one;"
        + " put it on the class path of both (workers: ProcessPool.builder().classPath(...))";
  }

  private static String describe(Throwable error, @Nullable GraphInput graph) {
    String rejected = graph == null ? null : graph.rejected();
    String missing = graph == null ? null : graph.missing();
    String initializer = InitFailure.describe(error);
    if (rejected != null) {
      return rejected;
    } else if (initializer != null) {
      return initializer;
    } else if (missing != null) {
      return missing;
    } else if (error instanceof UnsupportedClassVersionError newer) {
      return NewerClass.describe(newer);
    } else if (error instanceof ClassNotFoundException || error instanceof NoClassDefFoundError) {
      return missingClass(SafeText.cause(error) instanceof ClassWithoutFile c ? c : error, null);
    } else if (isOf(error, "org.codehaus.groovy.runtime.MethodClosure")) {
      return "Groovy lets no method reference be deserialized; pass { x -> Prices.of(x) }.dehydrate(),"
          + " or an object of a class of its own";
    } else if (error instanceof WriteAbortedException aborted) {
      return "the sender failed while it wrote the value: " + SafeText.of(SafeText.cause(aborted));
    } else if (error instanceof InvalidClassException) {
      return "a class differs between sender and receiver, or can't be made: "
          + SafeText.message(error);
    } else if (error instanceof ObjectStreamException || error instanceof EOFException) {
      return "damaged bytes: " + SafeText.of(error);
    }
    return notRebuilt("the value could not be rebuilt: ", error);
  }

  private static boolean isOf(Throwable error, String thrower) {
    StackTraceElement[] stack = SafeText.stackTrace(error);
    return stack.length > 0 && stack[0].getClassName().equals(thrower);
  }

  private static String notRebuilt(String what, Throwable error) {
    String initializer = InitFailure.describe(error);
    return initializer != null ? initializer : what + SafeText.of(error);
  }
}
