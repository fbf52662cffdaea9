package dev.procpool.cli.journal;

import dev.procpool.cli.reply.Status;
import java.util.List;

/**
 * Where the results of earlier runs are, by the keys of their rows. Makes no object a line, so that
 * millions fit: a hash table with open addresses in arrays. Rows of the same content have a slot
 * each. One thread.
 */
final class LineTable {

  /** No such line. */
  static final int NONE = -1;

  private static final List<Status> STATUSES = List.of(Status.values());
  private static final int FREE = 0;

  private long[] highs = new long[64];
  private long[] lows = new long[64];
  private long[] offsets = new long[64];
  private long[] indexes = new long[64];

  /** The attempt times 16, plus status and 1; negative if claimed; zero for a free slot. */
  private int[] states = new int[64];

  private int size;
  private int claimed;

  /**
   * Adds a line. A further attempt takes the place of the one before it, unless that was well: then
   * it belongs to another row of the same content.
   */
  void add(JournalLine line, long offset) {
    int slot = line.attempt() == 1 ? NONE : findFailed(line.key(), line.attempt() - 1);
    if (slot == NONE) {
      if (2 * (size + 1) > states.length) {
        grow();
      }
      slot = freeSlot(line.key());
      size++;
    }
    set(slot, line.key().high(), line.key().low(), offset, line.index(), state(line));
  }

  private static int state(JournalLine line) {
    return line.attempt() * 16 + STATUSES.indexOf(line.status()) + 1;
  }

  private int findFailed(RowKey key, int attempt) {
    for (int slot = first(key.high()); states[slot] != FREE; slot = next(slot)) {
      if (is(slot, key) && attempt(slot) == attempt && status(slot) != Status.OK) {
        return slot;
      }
    }
    return NONE;
  }

  /** Gives a line of a row's content that no row has claimed yet, and claims it. */
  int claim(RowKey key) {
    for (int slot = first(key.high()); states[slot] != FREE; slot = next(slot)) {
      if (states[slot] > 0 && is(slot, key)) {
        states[slot] = -states[slot];
        claimed++;
        return slot;
      }
    }
    return NONE;
  }

  private boolean is(int slot, RowKey key) {
    return highs[slot] == key.high() && lows[slot] == key.low();
  }

  long offset(int slot) {
    return offsets[slot];
  }

  long index(int slot) {
    return indexes[slot];
  }

  Status status(int slot) {
    return STATUSES.get((Math.abs(states[slot]) - 1) % 16);
  }

  int attempt(int slot) {
    return Math.abs(states[slot]) / 16;
  }

  /** Tells how many lines no row has claimed. */
  int unclaimed() {
    return size - claimed;
  }

  private int first(long high) {
    return (int) high & states.length - 1; // a key is a hash already
  }

  private int next(int slot) {
    return slot + 1 & states.length - 1;
  }

  private int freeSlot(RowKey key) {
    int slot = first(key.high());
    while (states[slot] != FREE) {
      slot = next(slot);
    }
    return slot;
  }

  private void set(int slot, long high, long low, long offset, long index, int state) {
    highs[slot] = high;
    lows[slot] = low;
    offsets[slot] = offset;
    indexes[slot] = index;
    states[slot] = state;
  }

  private void grow() {
    long[] oldHighs = highs;
    long[] oldLows = lows;
    long[] oldOffsets = offsets;
    long[] oldIndexes = indexes;
    int[] oldStates = states;
    int capacity = Math.multiplyExact(2, states.length);
    highs = new long[capacity];
    lows = new long[capacity];
    offsets = new long[capacity];
    indexes = new long[capacity];
    states = new int[capacity];
    for (int i = 0; i < oldStates.length; i++) {
      if (oldStates[i] != FREE) {
        int slot = freeSlot(new RowKey(oldHighs[i], oldLows[i]));
        set(slot, oldHighs[i], oldLows[i], oldOffsets[i], oldIndexes[i], oldStates[i]);
      }
    }
  }
}
