package dev.procpool.codec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chooses the form of each value: compact where nothing is lost by it, else Java serialization. */
final class Encoder {

  private Encoder() {}

  /**
   * Writes a value whole; its first byte then tells whether it is plain.
   *
   * @param replacements what to serialize instead of some objects, by identity
   */
  static void write(@Nullable Object value, ByteOutput out, Map<Object, Object> replacements)
      throws CodecException {
    int start = out.size();
    if (!write(value, value, out, replacements, 0) && !out.overflowed()) {
      out.setBits(start, Tag.NOT_PLAIN);
    }
  }

  /** Writes a part of the whole, and tells whether it is plain. */
  private static boolean write(
      @Nullable Object whole,
      @Nullable Object value,
      ByteOutput out,
      Map<Object, Object> replacements,
      int depth)
      throws CodecException {
    if (value == null || Leaves.isLeaf(value)) {
      Leaves.write(value, out);
      return true;
    }
    if (PrimitiveArrays.isPrimitiveArray(value)) {
      PrimitiveArrays.write(value, out);
      return true;
    }
    int arity = Tuples.arity(value);
    if (arity > 0 && depth < Tag.MAX_DEPTH && Tuples.areIndependent(value, arity)) {
      out.putByte(Tag.ARGS2 + arity - 2);
      boolean plain = true;
      for (int i = 0; i < arity; i++) {
        plain &= write(whole, Tuples.component(value, i), out, replacements, depth + 1);
      }
      return plain;
    }
    if (Lists.isKnown(value) && Lists.write((List<?>) value, out)) {
      return true;
    }
    writeGraph(whole, value, out, replacements);
    return false;
  }

  /** Writes by Java serialization. */
  private static void writeGraph(
      Object whole, Object value, ByteOutput out, Map<Object, Object> replacements)
      throws CodecException {
    out.putByte(Tag.SERIALIZED);
    out.putInt(0);
    long start = out.position();
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
    if (!out.overflowed()) {
      out.setInt((int) start - 4, (int) (out.position() - start));
    }
  }
}
