package dev.procpool.scheduler;

/** How long a call's items take: an exponentially weighted moving average. */
final class ItemDuration {

  private static final double WEIGHT = 1.0 / 16;

  private double nanos = -1;

  /** Takes account of some items and how long they took together. */
  void add(int items, long measured) {
    double each = (double) measured / items;
    if (nanos < 0) {
      nanos = each;
    } else {
      double weight = items == 1 ? WEIGHT : 1 - Math.pow(1 - WEIGHT, items);
      nanos += (each - nanos) * weight;
    }
  }

  boolean isKnown() {
    return nanos >= 0;
  }

  /** The average, at least 1; {@code unknown} before the first item. */
  long nanosOr(long unknown) {
    return isKnown() ? Math.max(1, (long) nanos) : unknown;
  }
}
