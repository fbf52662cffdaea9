package dev.procpool.testkit.integrity;

import java.util.BitSet;

/**
 * What came of one call's items, which have numbers that follow each other: each must come once and
 * undamaged. Belongs to the thread that makes the call.
 */
final class Count {

  private final long first;
  private final int items;
  private final BitSet seen;
  private long wrong;
  private long doubled;

  Count(long first, int items) {
    this.first = first;
    this.items = items;
    this.seen = new BitSet(items);
  }

  /**
   * Takes a result.
   *
   * @param place the place at which it came; -1 if results come in any order
   */
  void take(byte[] result, int place) {
    long at = Parcel.check(result) - first;
    if (at < 0 || at >= items || (place >= 0 && place != at)) {
      wrong++;
    } else if (seen.get((int) at)) {
      doubled++;
    } else {
      seen.set((int) at);
    }
  }

  long wrong() {
    return wrong;
  }

  long doubled() {
    return doubled;
  }

  int missing() {
    return items - seen.cardinality();
  }
}
