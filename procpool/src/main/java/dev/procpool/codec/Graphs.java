package dev.procpool.codec;

import dev.procpool.spi.ObjectCodec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How object graphs are written: by a codec of the user's if it takes them, else by Java
 * serialization. Immutable.
 *
 * @param replacements what to serialize instead of some objects, by identity
 * @param objects the user's codec; null for none
 */
record Graphs(Map<Object, Object> replacements, @Nullable ObjectCodec objects) {

  void write(Object whole, Object value, ByteOutput out) throws CodecException {
    if (objects == null || !writeObjects(objects, value, out)) {
      writeSerialized(whole, value, out);
    }
  }

  /** Writes by the user's codec: false, and nothing written, if it does not take the value. */
  private static boolean writeObjects(ObjectCodec objects, Object value, ByteOutput out) {
    long before = out.position();
    boolean written = false;
    try {
      out.putByte(Tag.OBJECTS);
      out.putInt(0);
      written = objects.encode(value, out);
    } catch (StackOverflowError e) {
      return false; // Java serialization says what to do
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      return false; // of what can't be serialized, Java serialization tells the place
    } finally {
      if (!written) {
        out.rewind(before);
      }
    }
    if (written) {
      setLength(before + 1, out);
    }
    return written;
  }

  private void writeSerialized(Object whole, Object value, ByteOutput out) throws CodecException {
    long before = out.position();
    out.putByte(Tag.SERIALIZED);
    out.putInt(0);
    GraphOutput graph = null;
    try {
      graph = new GraphOutput(out, replacements);
      graph.writeObject(value);
      graph.flush();
    } catch (StackOverflowError e) {
      throw new CodecException(
          "an object of "
              + value.getClass().getName()
              + " is too deeply nested for Java serialization, which ran out of stack; flatten it,"
              + " or give its class a writeObject method that does not recurse",
          e);
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      throw new CodecException(Fault.describe(whole, graph, e), e);
    }
    setLength(before + 1, out);
  }

  /** Sets the length of what follows it. */
  private static void setLength(long at, ByteOutput out) {
    if (!out.overflowed()) {
      out.setInt((int) at, (int) (out.position() - at - Integer.BYTES));
    }
  }
}
