package dev.procpool.call;

import dev.procpool.Outcome;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/** Gives results in the order of their items: a ring of slots that starts at the next item due. */
final class OrderedBuffer<R> implements ResultBuffer<R> {

  private static final Object DROPPED = new Object();

  private Object[] ring = new Object[16];
  private long head;
  private long end;
  private boolean discarding;

  @Override
  public void expect(long newEnd) {
    if (newEnd - head > ring.length) {
      int length = ring.length;
      while (newEnd - head > length) {
        length = Math.multiplyExact(length, 2);
      }
      Object[] larger = new Object[length];
      for (long i = head; i < end; i++) {
        larger[(int) i & (length - 1)] = ring[slot(i)];
      }
      ring = larger;
    }
    end = newEnd;
  }

  @Override
  public void end(long lastEnd) {
    end = Math.min(end, lastEnd);
  }

  @Override
  public boolean put(Outcome<R> outcome) {
    long index = outcome.index();
    if (index < head || index >= end || ring[slot(index)] != null) {
      return false;
    }
    ring[slot(index)] = discarding ? DROPPED : outcome;
    return true;
  }

  @Override
  public void missing(LongConsumer action) {
    for (long i = head; i < end; i++) {
      if (ring[slot(i)] == null) {
        action.accept(i);
      }
    }
  }

  @Override
  public void fillMissing(LongFunction<Outcome<R>> outcome) {
    for (long i = head; i < end; i++) {
      put(outcome.apply(i));
    }
  }

  @Override
  public boolean hasNext() {
    return !discarding && head < end && ring[slot(head)] != null;
  }

  @Override
  @SuppressWarnings("unchecked") // what is not DROPPED was put
  public Outcome<R> take() {
    Outcome<R> outcome = (Outcome<R>) ring[slot(head)];
    ring[slot(head)] = null;
    head++;
    return outcome;
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
