package dev.procpool.local.call;

/**
 * When items were taken from their source: one look at the clock does for several that come in
 * quick succession, since a look takes as long as half of the rest.
 *
 * <p>Owned by the thread that feeds. An object of its own, as what is written for each item must
 * not lie beside what the engine reads.
 */
final class FeedClock {

  /** A look does for so many items. */
  private static final int ITEMS_A_LOOK = 16;

  private static final long QUICK_NANOS = 10_000;

  private long lookedAt;

  /** For how many items the last look did, and for how many more it does. */
  private int looked = 1;

  private int unlooked;

  /**
   * Gives the time, by {@link System#nanoTime()}.
   *
   * @param exactly whether somebody waits for this item
   */
  long now(boolean exactly) {
    if (--unlooked < 0 || exactly) {
      long now = System.nanoTime();
      looked = now - lookedAt < looked * QUICK_NANOS ? ITEMS_A_LOOK : 1;
      unlooked = looked - 1;
      lookedAt = now;
    }
    return lookedAt;
  }
}
