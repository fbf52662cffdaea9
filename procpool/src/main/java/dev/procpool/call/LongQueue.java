package dev.procpool.call;

/** A growing first-in first-out queue of longs. Not thread-safe. */
final class LongQueue {

  private long[] ring = new long[16];
  private int head;
  private int size;

  void add(long value) {
    if (size == ring.length) {
      long[] larger = new long[Math.multiplyExact(size, 2)];
      for (int i = 0; i < size; i++) {
        larger[i] = ring[(head + i) & (ring.length - 1)];
      }
      ring = larger;
      head = 0;
    }
    ring[(head + size++) & (ring.length - 1)] = value;
  }

  /** Takes the oldest value; the queue must not be empty. */
  long remove() {
    long value = ring[head];
    head = (head + 1) & (ring.length - 1);
    size--;
    return value;
  }

  boolean isEmpty() {
    return size == 0;
  }
}
