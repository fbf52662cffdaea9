package dev.procpool.spark.driver;

import dev.procpool.spi.ValueBatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Values of items that are reported together. For one thread. */
final class DecodedValues<R extends @Nullable Object> implements ValueBatch<R>, Consumer<R> {

  private final long[] indexes;
  private final long[] nanos;
  private final @Nullable Object[] values;
  private int count;

  /** Makes one for so many at most. */
  DecodedValues(int most) {
    indexes = new long[most];
    nanos = new long[most];
    values = new @Nullable Object[most];
  }

  /** The item whose value is {@linkplain #accept given} next. */
  void next(long index, long took) {
    indexes[count] = index;
    nanos[count] = took;
  }

  @Override
  public void accept(R value) {
    values[count++] = value;
  }

  long[] indexes() {
    return indexes;
  }

  long[] nanos() {
    return nanos;
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // what accept was given, null or not
  public R value(int place) {
    return (R) values[place];
  }
}
