package dev.procpool.local;

import java.util.AbstractList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values of items of one call that came back together, so that they are reported together. Owned by
 * the engine's thread and used again and again.
 */
final class ResultBatch extends AbstractList<@Nullable Object> {

  private static final int MAX = 1024;

  private @Nullable Object[] values = new @Nullable Object[64];
  private long[] indexes = new long[64];
  private long[] nanos = new long[64];
  private int count;
  private long job;
  private int attempt;

  /** Tells whether an item may be added to those in here. */
  boolean accepts(long ofJob, int ofAttempt) {
    return count == 0 || (job == ofJob && attempt == ofAttempt && count < MAX);
  }

  void add(long ofJob, int ofAttempt, long index, @Nullable Object value, long took) {
    job = ofJob;
    attempt = ofAttempt;
    if (count == values.length) {
      values = Arrays.copyOf(values, count * 2);
      indexes = Arrays.copyOf(indexes, count * 2);
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    values[count] = value;
    indexes[count] = index;
    nanos[count++] = took;
  }

  long job() {
    return job;
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

  @Override
  public @Nullable Object get(int index) {
    return values[index];
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public void clear() {
    Arrays.fill(values, 0, count, null);
    count = 0;
  }
}
