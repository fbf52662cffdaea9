package dev.procpool.codec;

import dev.procpool.function.Args2;
import dev.procpool.function.Args3;
import dev.procpool.function.Args4;
import dev.procpool.function.Args5;
import dev.procpool.function.Args6;
import java.io.EOFException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectStreamException;
import java.io.WriteAbortedException;
import org.jspecify.annotations.Nullable;

/** Reads one value back. Owned by one thread. */
final class Decoder {

  private final ByteInput in;
  private final @Nullable ClassLoader loader;
  private final @Nullable ObjectInputFilter filter;

  Decoder(ByteInput in, @Nullable ClassLoader loader, @Nullable ObjectInputFilter filter) {
    this.in = in;
    this.loader = loader;
    this.filter = filter;
  }

  /** Reads the value, which must take all bytes. */
  @Nullable Object read() throws CodecException {
    int first = in.unsignedByte();
    Object value = read(first & ~Tag.NOT_PLAIN, (first & Tag.NOT_PLAIN) == 0, 0);
    if (in.remaining() > 0) {
      throw new CodecException("damaged bytes: " + in.remaining() + " follow the end of the value");
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
    }
    throw new CodecException("damaged bytes: no value has tag " + tag + " here");
  }

  private @Nullable Object component(boolean plain, int depth) throws CodecException {
    return read(in.unsignedByte(), plain, depth + 1);
  }

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

  private Object readGraph() throws CodecException {
    int length = in.readInt();
    int offset = in.take(length);
    GraphInput graph = null;
    try {
      graph = new GraphInput(in.bytes(), offset, length, loader, filter);
      return graph.readObject();
    } catch (StackOverflowError e) {
      throw new CodecException("the object graph is too deeply nested to be read on this stack", e);
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      throw new CodecException(describe(e, graph == null ? null : graph.rejected()), e);
    }
  }

  private static String describe(Throwable error, @Nullable String rejected) {
    if (rejected != null) {
      return "REJECTED by the deserialization filter: "
          + rejected
          + "; if that class is to be trusted, let the filter allow it";
    } else if (error instanceof ClassNotFoundException || error instanceof NoClassDefFoundError) {
      return "class "
          + String.valueOf(error.getMessage()).replace('/', '.')
          + " exists in the process that sent the value but can't be found in this one;"
          + " put it on the class path of both";
    } else if (error instanceof WriteAbortedException aborted) {
      return "the sender failed while it wrote the value: " + aborted.getCause();
    } else if (error instanceof InvalidClassException) {
      return "a class differs between sender and receiver, or can't be made: " + error.getMessage();
    } else if (error instanceof ObjectStreamException || error instanceof EOFException) {
      return "damaged bytes: " + error;
    }
    return "the value could not be rebuilt: " + error;
  }
}
