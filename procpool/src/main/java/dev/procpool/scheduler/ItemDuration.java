package dev.procpool.scheduler;

/** How long a call's items take: an exponentially weighted moving average. */
final class ItemDuration {

  private static final double WEIGHT = 1.0 / 16;

  private double nanos = -1;

  void add(long measured) {
    nanos = nanos < 0 ? measured : nanos + (measured - nanos) * WEIGHT;
  }

  boolean isKnown() {
    return nanos >= 0;
  }

  /** The average, at least 1; {@code unknown} before the first item. */
  long nanosOr(long unknown) {
    return isKnown() ? Math.max(1, (long) nanos) : unknown;
  }
}
