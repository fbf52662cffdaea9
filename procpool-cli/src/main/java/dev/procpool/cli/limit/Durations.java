package dev.procpool.cli.limit;

import java.time.Duration;

/**
 * How long items took, as counts in 64 classes for each doubling: a share of them to within two
 * percent, in constant memory. One thread.
 */
public final class Durations {

  private static final int CLASSES = 64;

  private final long[] counts = new long[CLASSES * Long.SIZE];
  private long count;
  private long total;
  private long max;

  public void add(Duration time) {
    long nanos = Math.max(1, time.toNanos());
    counts[classOf(nanos)]++;
    count++;
    total += nanos;
    max = Math.max(max, nanos);
  }

  private static int classOf(long nanos) {
    int doubling = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
    long rest = nanos - (1L << doubling);
    int part = (int) (doubling >= 6 ? rest >>> doubling - 6 : rest << 6 - doubling);
    return doubling * CLASSES + part;
  }

  public long count() {
    return count;
  }

  public Duration total() {
    return Duration.ofNanos(total);
  }

  public Duration max() {
    return Duration.ofNanos(max);
  }

  /** Gives the time that such a share of the items did not exceed; zero if there are none. */
  public Duration quantile(double share) {
    long left = (long) Math.ceil(share * count);
    for (int i = 0; i < counts.length && count > 0; i++) {
      left -= counts[i];
      if (left <= 0 && counts[i] > 0) {
        return Duration.ofNanos(Math.min(max, upperEnd(i)));
      }
    }
    return Duration.ofNanos(max);
  }

  private static long upperEnd(int index) {
    double start = Math.scalb(1.0, index / CLASSES);
    return (long) (start + start * (index % CLASSES + 1) / CLASSES);
  }
}
