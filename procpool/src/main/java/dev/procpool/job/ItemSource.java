package dev.procpool.job;

import java.util.Collection;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The user's items and how many of them have been handed out.
 *
 * <p>The iterator belongs to the thread that pulls; it is the user's code and may block or throw.
 * Only the count is shared: one atomic word says how many items were handed out and whether no more
 * may be, so that closing never waits for a puller that is stuck in the user's code.
 *
 * @param <T> the type of the items
 */
final class ItemSource<T> {

  private static final long CLOSED = Long.MIN_VALUE;

  private final long size;
  private final AtomicLong taken = new AtomicLong();
  private Iterable<? extends T> items;
  private Iterator<? extends T> iterator;
  private T next;

  ItemSource(Iterable<? extends T> items) {
    this.items = items;
    this.size = items instanceof Collection<?> collection ? collection.size() : -1;
  }

  /** The size that the source has by its own account; -1 if it does not tell. */
  long size() {
    return size;
  }

  /** Goes to the next item without handing it out: false at the end. Runs the user's code. */
  boolean fetch() {
    if (iterator == null) {
      iterator = items.iterator();
      items = null;
    }
    if (!iterator.hasNext()) {
      return false;
    }
    next = iterator.next();
    return true;
  }

  /** The item fetched last; forgotten here. */
  T pop() {
    T item = next;
    next = null;
    return item;
  }

  /** Counts the item fetched last as handed out: false if the source was closed meanwhile. */
  boolean handOut() {
    long count = taken.get();
    return count >= 0 && taken.compareAndSet(count, count + 1);
  }

  /** How many items were handed out. */
  long taken() {
    return taken.get() & ~CLOSED;
  }

  /** Ends the handing out, from any thread, and tells how many items were. */
  long close() {
    return taken.getAndUpdate(count -> count | CLOSED) & ~CLOSED;
  }
}
