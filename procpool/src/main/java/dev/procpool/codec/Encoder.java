package dev.procpool.codec;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Chooses the form of each value: compact where nothing is lost by it, else that of graphs. */
final class Encoder {

  private Encoder() {}

  /**
   * Writes a value whole; its first byte then tells whether it is plain.
   *
   * @param graphs writes what has no compact form
   */
  static void write(@Nullable Object value, ByteOutput out, Graphs graphs) throws CodecException {
    int start = out.size();
    if (!write(value, value, out, graphs, 0) && !out.overflowed()) {
      out.setBits(start, Tag.NOT_PLAIN);
    }
  }

  /** Writes a part of the whole, and tells whether it is plain. */
  private static boolean write(
      @Nullable Object whole, @Nullable Object value, ByteOutput out, Graphs graphs, int depth)
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
        plain &= write(whole, Tuples.component(value, i), out, graphs, depth + 1);
      }
      return plain;
    }
    if (Lists.isKnown(value) && Lists.write((List<?>) value, out)) {
      return true;
    }
    if (graphs.objects() == null
        && graphs.replacements().isEmpty()
        && (value instanceof Record || value instanceof List)
        && RecordOutput.write(value, out)) {
      return false; // constructors are users' code
    }
    graphs.write(Objects.requireNonNull(whole), value, out); // as a part of it is not null
    return false;
  }
}
