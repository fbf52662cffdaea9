package dev.procpool.local.result;

import dev.procpool.call.Primitive;
import dev.procpool.spi.ValueBatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values of items of one call that came back together, so that they are reported together. Owned by
 * the engine's thread and used again and again.
 */
final class ResultBatch implements ValueBatch<@Nullable Object> {

  private static final int MAX = 1024;

  /** Of those that are no primitives. */
  private @Nullable Object[] values = new @Nullable Object[64];

  private byte[] types = new byte[64];
  private long[] bits = new long[64];
  private long[] indexes = new long[64];
  private long[] nanos = new long[64];
  private int count;
  private long call;
  private int attempt;

  /** Tells whether an item may be added to those in here. */
  boolean accepts(long ofCall, int ofAttempt) {
    return count == 0 || (call == ofCall && attempt == ofAttempt && count < MAX);
  }

  void add(long ofCall, int ofAttempt, long index, @Nullable Object value, long took) {
    int at = next(ofCall, ofAttempt, index, took);
    types[at] = 0;
    values[at] = value;
  }

  /** Adds a primitive. */
  void add(long ofCall, int ofAttempt, long index, byte type, long itsBits, long took) {
    int at = next(ofCall, ofAttempt, index, took);
    types[at] = type;
    bits[at] = itsBits;
  }

  private int next(long ofCall, int ofAttempt, long index, long took) {
    call = ofCall;
    attempt = ofAttempt;
    if (count == indexes.length) {
      values = Arrays.copyOf(values, count * 2);
      types = Arrays.copyOf(types, count * 2);
      bits = Arrays.copyOf(bits, count * 2);
      indexes = Arrays.copyOf(indexes, count * 2);
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    indexes[count] = index;
    nanos[count] = took;
    return count++;
  }

  long call() {
    return call;
  }

  int attempt() {
    return attempt;
  }

  long[] indexes() {
    return indexes;
  }

  long[] nanos() {
    return nanos;
  }

  /** How long all ran together. */
  long nanosInAll() {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += nanos[i];
    }
    return sum;
  }

  @Override
  @SuppressWarnings("NullAway") // values may be null
  public @Nullable Object value(int place) {
    return types[place] == 0 ? values[place] : Primitive.box(types[place], bits[place]);
  }

  @Override
  public byte primitive(int place) {
    return types[place];
  }

  @Override
  public long bits(int place) {
    return bits[place];
  }

  @Override
  public int size() {
    return count;
  }

  void clear() {
    Arrays.fill(values, 0, count, null);
    count = 0;
  }
}
