package dev.procpool.call;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * A set of non-negative longs: open addressing with linear probing; removal moves later entries
 * back, so that its size follows what is in it, not what went through it. Not thread-safe.
 */
final class LongSet {

  private static final long FREE = -1;

  private long[] table = newTable(32);
  private int size;

  private static long[] newTable(int length) {
    long[] table = new long[length];
    Arrays.fill(table, FREE);
    return table;
  }

  void add(long value) {
    if (2 * (size + 1) > table.length) {
      long[] old = table;
      table = newTable(Math.multiplyExact(old.length, 2));
      for (long kept : old) {
        if (kept != FREE) {
          table[find(kept)] = kept;
        }
      }
    }
    int slot = find(value);
    if (table[slot] == FREE) {
      table[slot] = value;
      size++;
    }
  }

  /** Removes a value: false if it was not there. */
  boolean remove(long value) {
    int gap = find(value);
    if (table[gap] == FREE) {
      return false;
    }
    size--;
    int mask = table.length - 1;
    table[gap] = FREE;
    for (int i = (gap + 1) & mask; table[i] != FREE; i = (i + 1) & mask) {
      int wanted = home(table[i]);
      if (((i - wanted) & mask) >= ((i - gap) & mask)) {
        table[gap] = table[i];
        table[i] = FREE;
        gap = i;
      }
    }
    return true;
  }

  int size() {
    return size;
  }

  /** Gives the values in no order. */
  LongStream stream() {
    return Arrays.stream(table).filter(value -> value != FREE);
  }

  void clear() {
    table = newTable(32);
    size = 0;
  }

  /** The slot that holds the value, or the free one where it would go. */
  private int find(long value) {
    int slot = home(value);
    while (table[slot] != FREE && table[slot] != value) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  private int home(long value) {
    return (int) ((value * 0x9E3779B97F4A7C15L) >>> 40) & (table.length - 1);
  }
}
