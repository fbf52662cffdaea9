package dev.procpool.local.call;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * When the items of a {@link Block} were taken from their source: one entry for each look at the
 * clock, which does for several items that come quickly (see {@link Clock}).
 *
 * <p>The feeder adds, the engine asks at the same time for items that the block's count covers.
 * Whatever else it may see here, an entry that is just being made or is not there yet, is of a
 * later item, so it does not matter.
 */
final class FeedTimes {

  private static final long NEVER = Long.MAX_VALUE;

  private static final VarHandle LOOKS;

  static {
    try {
      LOOKS = MethodHandles.lookup().findVarHandle(FeedTimes.class, "looks", long[].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * Pairs: the first item, and its time. Where there is none yet, an item later than all. Written
   * by the feeder with release order, read by the engine with acquire order.
   */
  private long[] looks = {NEVER, NEVER, NEVER, NEVER};

  private int size;
  private long last;

  /**
   * Notes an item; by the feeder, before the block's count covers it.
   *
   * @param item its place in the block; the next
   * @param time when it was taken
   */
  void add(int item, long time) {
    if (size == 0 || time != last) {
      note(item, time);
    }
  }

  /** What a look at the clock is for; apart from the rest, which is small enough to be inlined. */
  private void note(int item, long time) {
    long[] known = looks;
    if (size == known.length) {
      known = grown(known, 2 * size);
      LOOKS.setRelease(this, known);
    }
    known[size + 1] = time;
    known[size] = item;
    size += 2;
    last = time;
  }

  private static long[] grown(long[] old, int length) {
    long[] grown = Arrays.copyOf(old, length);
    Arrays.fill(grown, old.length, length, NEVER);
    return grown;
  }

  /** When an item was taken. */
  long of(int item) {
    long[] known = (long[]) LOOKS.getAcquire(this);
    int from = 0; // pairs; the first is not later than any item
    int to = known.length / 2;
    while (to - from > 1) {
      int middle = (from + to) >>> 1;
      if (known[2 * middle] <= item) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return known[2 * from + 1];
  }

  /**
   * When items were taken from their source: one look at the clock does for several that come in
   * quick succession, since a look takes as long as half of the rest.
   *
   * <p>Owned by the thread that feeds. An object of its own, as what is written for each item must
   * not lie beside what the engine reads.
   */
  static final class Clock {

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
}
