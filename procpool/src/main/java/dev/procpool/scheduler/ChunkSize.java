package dev.procpool.scheduler;

/** How many items of a call go to a worker at a time: as many as were asked for, or as fit. */
final class ChunkSize {

  private static final int MAX_AUTO_CHUNK = 1024;

  /**
   * What an automatically chosen chunk should take: enough to hide sending it, little to wait for.
   */
  private static final long TARGET_CHUNK_NANOS = 500_000;

  /** Chunks of less are not chosen while there is more: sending one costs about a tenth of it. */
  private static final long LEAST_CHUNK_NANOS = 20_000;

  private static final double WEIGHT = 1.0 / 16;

  private final int fixed;

  /** What an item takes: an exponentially weighted moving average; negative before the first. */
  private double itemNanos = -1;

  /** The size that the next automatic chunk may have at most; doubles as chunks come back. */
  private int ramp = 1;

  /**
   * Makes the size of one call's chunks.
   *
   * @param fixed items sent at a time; 0 to choose automatically
   */
  ChunkSize(int fixed) {
    this.fixed = fixed;
  }

  /** Takes account of some items and how long they took together. */
  void measured(int items, long nanos) {
    double each = (double) nanos / items;
    if (itemNanos < 0) {
      itemNanos = each;
    } else {
      double weight = items == 1 ? WEIGHT : 1 - Math.pow(1 - WEIGHT, items);
      itemNanos += (each - itemNanos) * weight;
    }
    ramp = Math.min(MAX_AUTO_CHUNK, ramp + items);
  }

  /** What one item takes, at least 1; {@code unknown} before the first item. */
  long itemNanosOr(long unknown) {
    return itemNanos < 0 ? unknown : Math.max(1, (long) itemNanos);
  }

  /** One part of so many items, as far as a chunk may be so small or so large. */
  int of(int items, int parts) {
    int share = Math.max(1, (items + parts - 1) / Math.max(1, parts));
    return Math.min(most(), Math.max(least(), share));
  }

  /**
   * How many items, if there are as many, make a chunk that is worth sending. Of items that take
   * next to nothing several chunks of a fixed size go as one, which a worker would hold anyway.
   */
  int least() {
    long least = LEAST_CHUNK_NANOS / itemNanosOr(LEAST_CHUNK_NANOS);
    return wholeChunks(Math.max(1, Math.min(least, most())));
  }

  /** Rounds down to a multiple of the fixed chunk size, if there is one; at least one chunk. */
  int wholeChunks(long items) {
    int chunk = Math.max(1, fixed);
    return (int) Math.max(1, items / chunk) * chunk;
  }

  private int most() {
    long fitting = TARGET_CHUNK_NANOS / itemNanosOr(TARGET_CHUNK_NANOS);
    return wholeChunks(Math.max(1, Math.min(Math.min(fitting, ramp), MAX_AUTO_CHUNK)));
  }
}
