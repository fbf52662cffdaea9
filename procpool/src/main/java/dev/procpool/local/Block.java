package dev.procpool.local;

import dev.procpool.codec.ByteOutput;
import java.util.Arrays;

/**
 * Encoded items of consecutive indexes, laid out as they cross to a worker: for each its length as
 * an int and its bytes.
 *
 * <p>Filled by the feeder under the {@link JobInput}'s lock; immutable once taken from.
 */
final class Block {

  static final int MAX_ITEMS = 1024;
  static final int MAX_BYTES = 64 * 1024;

  final long firstIndex;
  private final ByteOutput bytes;
  private int[] ends = new int[8];
  private int count;

  Block(long firstIndex, int capacity) {
    this.firstIndex = firstIndex;
    this.bytes = new ByteOutput(capacity, Long.MAX_VALUE);
  }

  boolean accepts(long index, int itemBytes) {
    return index == firstIndex + count
        && count < MAX_ITEMS
        && bytes.size() + itemBytes <= MAX_BYTES;
  }

  void add(byte[] item, int length) {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, count * 2);
    }
    bytes.putInt(length);
    bytes.write(item, 0, length);
    ends[count++] = bytes.size();
  }

  int count() {
    return count;
  }

  byte[] array() {
    return bytes.array();
  }

  /** Where an item begins. */
  int start(int item) {
    return item == 0 ? 0 : ends[item - 1];
  }

  /** How many bytes some items take. */
  int length(int from, int items) {
    return ends[from + items - 1] - start(from);
  }
}
