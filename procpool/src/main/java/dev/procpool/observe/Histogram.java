package dev.procpool.observe;

import dev.procpool.PoolStats;

/**
 * Counts durations in buckets whose width grows with the duration, after HdrHistogram: exact below
 * 64 ns, then 32 buckets for each doubling. So a percentile is at most 1/32, which is 3.2 %, above
 * the true value, and never below it. Not thread-safe.
 */
final class Histogram {

  private static final int BITS = 5;
  private static final int SIZE = (Long.SIZE - BITS) << BITS;

  private final long[] counts = new long[SIZE];
  private long total;
  private long max;

  /** Adds a duration so many times; a negative one is taken as 0. */
  void add(long nanos, long times) {
    long value = Math.max(0, nanos);
    counts[bucket(value)] += times;
    total += times;
    max = Math.max(max, value);
  }

  /** Adds some durations, and gives the longest of them. */
  long addAll(long[] nanos, int count) {
    long largest = 0;
    for (int i = 0; i < count; i++) {
      long value = Math.max(0, nanos[i]);
      counts[bucket(value)]++;
      largest = Math.max(largest, value);
    }
    max = Math.max(max, largest);
    total += count;
    return largest;
  }

  private static int bucket(long value) {
    int shift = Math.max(0, Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(value));
    return (shift << BITS) + (int) (value >>> shift);
  }

  /** The largest duration of a bucket. */
  private static long highest(int bucket) {
    int shift = Math.max(0, (bucket >> BITS) - 1);
    long first = (long) (bucket - (shift << BITS)) << shift;
    return first + (1L << shift) - 1;
  }

  private long percentile(double fraction) {
    long rank = Math.max(1, (long) Math.ceil(fraction * total));
    int bucket = -1;
    for (long seen = 0; seen < rank; seen += counts[bucket]) {
      bucket++;
    }
    return Math.min(max, highest(bucket));
  }

  /** Gives what users are told. */
  PoolStats.Distribution distribution() {
    return total == 0
        ? PoolStats.Distribution.NONE
        : new PoolStats.Distribution(
            total, percentile(0.5), percentile(0.95), percentile(0.99), max);
  }
}
