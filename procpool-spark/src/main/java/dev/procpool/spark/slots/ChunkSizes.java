package dev.procpool.spark.slots;

/**
 * How many items go to a slot at a time: as many as take some tens of milliseconds by what was
 * measured, a round trip being five to ten. Towards the end of a call they get fewer, so that all
 * slots end together. Guarded by the scheduler's owner.
 */
final class ChunkSizes {

  /** What a chunk is to take. */
  private static final long TARGET_NANOS = 50_000_000;

  /**
   * What a chunk takes while other calls wait: turns are short then, but no shorter than a round
   * trip, as a slot gets one chunk with each.
   */
  private static final long SHARED_NANOS = 20_000_000;

  /** What a chunk takes while more urgent calls wait, which may have given it one turn of ten. */
  private static final long YIELDING_NANOS = 5_000_000;

  /** What a chunk of a size that the user has named may take. */
  private static final long MOST_NANOS = 200_000_000;

  /** What takes less is not spread over slots at the end of a call: to ask for it takes longer. */
  private static final long LEAST_NANOS = 1_000_000;

  /** How long before its end a slot asks for more: a round trip on a busy machine. */
  private static final long AHEAD_NANOS = 20_000_000;

  /** Longer items are not given ahead: they would wait behind one that may take long. */
  private static final long LONG_NANOS = 400_000_000;

  private static final int MOST = 4096;

  /** What a chunk may have in bytes, and what its results may have by what was measured. */
  private static final long MOST_BYTES = 4L << 20;

  /** How many go together of which nothing was measured. */
  private static final int UNKNOWN = 16;

  /** What other calls have items that wait. */
  enum Others {
    NONE(TARGET_NANOS),
    EQUAL(SHARED_NANOS),
    MORE_URGENT(YIELDING_NANOS);

    private final long nanos;

    Others(long nanos) {
      this.nanos = nanos;
    }
  }

  private final int fixed;
  private double nanos = -1;
  private double resultBytes;

  /** By how many items more a chunk may have for each that has come back. */
  private static final int RAMP = 3;

  /** Grows as items come back: one slow item among fast ones must not hold up many. */
  private int ramp = 1;

  /**
   * Makes one that has measured nothing.
   *
   * @param fixed the size that the user has named; 0 for none
   */
  ChunkSizes(int fixed) {
    this.fixed = fixed;
  }

  /** An item took so long, and its result so many bytes. */
  void measured(long itemNanos, long bytes) {
    double each = Math.max(1_000, itemNanos);
    nanos = nanos < 0 ? each : nanos + (each - nanos) / 16;
    resultBytes += (Math.max(0, bytes) - resultBytes) / 16;
    ramp = Math.min(MOST, ramp + RAMP);
  }

  /** What an item takes, as far as is known. */
  double itemNanos() {
    return Math.max(0, nanos);
  }

  /** How many items may wait for each slot. */
  int readAhead() {
    return 2 * (fixed > 0 ? fixed : automatic(TARGET_NANOS));
  }

  /** How many bytes of items a chunk may have; it has at least one item. */
  long mostBytes() {
    return MOST_BYTES;
  }

  /** Tells at how many items left a slot asks for more. */
  int askAt() {
    if (nanos < 0 || nanos > LONG_NANOS) {
      return 0;
    }
    return (int) Math.ceil(AHEAD_NANOS / nanos + 0.5); // one of them is on its way
  }

  private int automatic(long target) {
    return nanos < 0 ? 1 : (int) Math.max(1, Math.min(ramp, target / nanos));
  }

  /** How many may go together though somebody asked for more: others wait behind them. */
  private int asked(long most) {
    return nanos < 0 ? Math.min(fixed, UNKNOWN) : (int) Math.max(1, Math.min(fixed, most / nanos));
  }

  /**
   * Tells how many to give out.
   *
   * @param waiting how many wait
   * @param sharers among how many slots these are to be spread
   * @param others what other calls have items that wait
   */
  int next(int waiting, int sharers, Others others) {
    int most;
    if (fixed > 0) {
      most = asked(others == Others.NONE ? MOST_NANOS : others.nanos);
    } else {
      most = automatic(others.nanos);
      int share = (waiting + sharers - 1) / sharers;
      most = Math.min(most, Math.max(share, automatic(LEAST_NANOS)));
    }
    if (resultBytes > 0) {
      most = (int) Math.min(most, Math.ceil(MOST_BYTES / resultBytes));
    }
    return Math.max(1, Math.min(most, waiting));
  }
}
