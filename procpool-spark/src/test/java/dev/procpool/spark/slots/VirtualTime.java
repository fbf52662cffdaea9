package dev.procpool.spark.slots;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen, in steps of ten microseconds. A wheel of lists, as a heap takes too long with
 * tens of millions of events. Used by one thread.
 */
final class VirtualTime {

  private static final int SLOTS = 1 << 17;
  private static final long STEP = 10_000;

  private static final class Event implements Comparable<Event> {
    final long step;
    final long number;
    final Runnable what;
    @Nullable Event next;

    Event(long step, long number, Runnable what) {
      this.step = step;
      this.number = number;
      this.what = what;
    }

    @Override
    public int compareTo(Event other) {
      return step != other.step
          ? Long.compare(step, other.step)
          : Long.compare(number, other.number);
    }
  }

  private final @Nullable Event[] first = new @Nullable Event[SLOTS];
  private final @Nullable Event[] last = new @Nullable Event[SLOTS];

  /** What is to happen later than the wheel reaches. */
  private final PriorityQueue<Event> later = new PriorityQueue<>();

  private long step;
  private long numbers;

  long now() {
    return step * STEP;
  }

  /** Has something happen so much later. */
  void after(long delay, Runnable what) {
    long at = step + (Math.max(0, delay) + STEP - 1) / STEP;
    Event event = new Event(at, numbers++, what);
    if (at - step < SLOTS) {
      add(event);
    } else {
      later.add(event);
    }
  }

  private void add(Event event) {
    int slot = (int) (event.step % SLOTS);
    Event before = last[slot];
    if (before == null) {
      first[slot] = event;
    } else {
      before.next = event;
    }
    last[slot] = event;
  }

  /** Has the next event happen. There must be one. */
  void next() {
    while (true) {
      for (Event far = later.peek(); far != null && far.step - step < SLOTS; far = later.peek()) {
        later.remove();
        add(far);
      }
      int slot = (int) (step % SLOTS);
      Event event = first[slot];
      if (event != null) {
        first[slot] = event.next;
        if (event.next == null) {
          last[slot] = null;
        }
        event.what.run();
        return;
      }
      step++;
    }
  }
}
