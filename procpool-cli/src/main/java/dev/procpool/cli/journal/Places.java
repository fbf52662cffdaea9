package dev.procpool.cli.journal;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Where each item's line is in the journal: eight bytes an item. Thread-safe; rows that are passed
 * over are noted by who reads them, results by who writes them.
 */
final class Places {

  private static final long NOWHERE = -1;

  private long[] offsets = new long[64];
  private int count;

  Places() {
    Arrays.fill(offsets, NOWHERE);
  }

  synchronized void put(long index, long offset) {
    int place = Math.toIntExact(index);
    if (place >= offsets.length) {
      int old = offsets.length;
      offsets = Arrays.copyOf(offsets, Math.max(place + 1, old + (old >> 1)));
      Arrays.fill(offsets, old, offsets.length, NOWHERE);
    }
    count += offsets[place] == NOWHERE ? 1 : 0;
    offsets[place] = offset;
  }

  synchronized int count() {
    return count;
  }

  /** Tells whether the lines stand in the order of the items. */
  synchronized boolean areSorted() {
    long last = NOWHERE;
    for (long offset : offsets) {
      if (offset != NOWHERE && offset < last) {
        return false;
      }
      last = Math.max(last, offset);
    }
    return true;
  }

  /** Gives the items that have a line: in their order, or in that of the lines. */
  synchronized long[] items(boolean inOrderOfItems) {
    LongStream items =
        LongStream.range(0, offsets.length).filter(item -> offsets[(int) item] != NOWHERE);
    return inOrderOfItems
        ? items.toArray()
        : items
            .boxed()
            .sorted((a, b) -> Long.compare(offsets[a.intValue()], offsets[b.intValue()]))
            .mapToLong(Long::longValue)
            .toArray();
  }

  synchronized long offset(long item) {
    return offsets[(int) item];
  }
}
