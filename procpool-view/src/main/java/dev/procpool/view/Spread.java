package dev.procpool.view;

/**
 * How the durations of the last ticks are spread. Counted in buckets of 1/8 of their value, so a
 * percentile is at most 12.5 % too high. Not thread-safe: {@link PoolFold} owns it.
 */
final class Spread {

  /** Over how many ticks. */
  static final int WINDOW = 8;

  private static final int BITS = 3;
  private static final int SIZE = (Long.SIZE - BITS) << BITS;

  private final int[][] byTick = new int[WINDOW][SIZE];
  private final int[] sum = new int[SIZE];
  private long count;
  private int current;

  void add(long nanos) {
    int bucket = bucket(Math.max(0, nanos));
    byTick[current][bucket]++;
    sum[bucket]++;
    count++;
  }

  /** Goes on to the next tick, and forgets the oldest. */
  void nextTick() {
    current = (current + 1) % WINDOW;
    int[] oldest = byTick[current];
    for (int i = 0; i < SIZE; i++) {
      sum[i] -= oldest[i];
      count -= oldest[i];
      oldest[i] = 0;
    }
  }

  /** What such a share of the durations does not exceed, in nanoseconds; -1 if there are none. */
  long percentile(double fraction) {
    if (count == 0) {
      return -1;
    }
    long rank = Math.max(1, (long) Math.ceil(fraction * count));
    int bucket = -1;
    for (long seen = 0; seen < rank; seen += sum[bucket]) {
      bucket++;
    }
    return highest(bucket);
  }

  private static int bucket(long value) {
    int shift = Math.max(0, Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(value));
    return (shift << BITS) + (int) (value >>> shift);
  }

  private static long highest(int bucket) {
    int shift = Math.max(0, (bucket >> BITS) - 1);
    long first = (long) (bucket - (shift << BITS)) << shift;
    return first + (1L << shift) - 1;
  }
}
