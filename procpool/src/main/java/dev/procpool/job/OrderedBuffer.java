package dev.procpool.job;

import java.util.Arrays;

/** Gives results in the order of their items: a ring of slots that starts at the next item due. */
final class OrderedBuffer implements ResultBuffer {

  private static final Object DROPPED = new Object();

  private Object[] ring = new Object[16];
  private long head;
  private long end;
  private boolean discarding;

  @Override
  public void expect(long index) {
    end = index + 1;
    if (end - head > ring.length) {
      Object[] larger = new Object[Math.multiplyExact(ring.length, 2)];
      for (long i = head; i < index; i++) {
        larger[(int) i & (larger.length - 1)] = ring[slot(i)];
      }
      ring = larger;
    }
  }

  @Override
  public boolean put(long index, Object result) {
    if (index < head || index >= end || ring[slot(index)] != null) {
      return false;
    }
    ring[slot(index)] = discarding ? DROPPED : result;
    return true;
  }

  @Override
  public void fillMissing(Object result) {
    for (long i = head; i < end; i++) {
      put(i, result);
    }
  }

  @Override
  public boolean hasNext() {
    return !discarding && head < end && ring[slot(head)] != null;
  }

  @Override
  public Object take() {
    Object result = ring[slot(head)];
    ring[slot(head)] = null;
    head++;
    return result;
  }

  @Override
  public void discard() {
    discarding = true;
    Arrays.setAll(ring, i -> ring[i] == null ? null : DROPPED);
  }

  private int slot(long index) {
    return (int) index & (ring.length - 1);
  }
}
