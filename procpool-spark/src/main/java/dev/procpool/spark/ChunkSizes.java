package dev.procpool.spark;

/**
 * How many items go to a slot at a time: as many as were asked for, or as take some tens of
 * milliseconds by what was measured, a round trip being one or two. Towards the end of a call they
 * get fewer, so that all slots end together. Guarded by the backend's lock.
 */
final class ChunkSizes {

  private static final long TARGET_NANOS = 50_000_000;

  /** What a chunk takes while other calls wait: turns are short then. */
  private static final long SHARED_NANOS = 5_000_000;

  private static final long MOST_NANOS = 200_000_000;
  private static final int MOST = 4096;

  /** How many go together of which nothing was measured. */
  private static final int UNKNOWN = 16;

  private final int fixed;
  private double nanos = -1;

  /** Doubles as chunks come back: one slow item among fast ones must not hold up many. */
  private int ramp = 1;

  ChunkSizes(int fixed) {
    this.fixed = fixed;
  }

  /** An item took so long. */
  void measured(long itemNanos) {
    double each = Math.max(1_000, itemNanos);
    nanos = nanos < 0 ? each : nanos + (each - nanos) / 16;
    ramp = Math.min(MOST, ramp + 1);
  }

  /** How many items may wait here. */
  int readAhead() {
    return Math.max(64, 8 * (fixed > 0 ? fixed : automatic(TARGET_NANOS)));
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
   * @param isLast whether no more come
   * @param slots how many slots there are
   * @param isAlone whether no other call has items that wait
   */
  int next(int waiting, boolean isLast, int slots, boolean isAlone) {
    if (fixed > 0) {
      return Math.min(waiting, asked(isAlone ? MOST_NANOS : SHARED_NANOS));
    }
    int share = isLast ? (waiting + 2 * slots - 1) / Math.max(1, 2 * slots) : waiting;
    int most = automatic(isAlone ? TARGET_NANOS : SHARED_NANOS);
    return Math.max(1, Math.min(most, Math.min(share, waiting)));
  }
}
