package dev.procpool.call;

import dev.procpool.guard.StreamItems;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

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

  /** The size of a source that does not tell it. */
  static final long UNKNOWN = -1;

  private static final long CLOSED = Long.MIN_VALUE;

  private final long size;
  private final AtomicLong taken = new AtomicLong();
  private @Nullable Iterable<? extends T> items;
  private @Nullable HeldItems<? super T> held;
  private boolean isAtHand;
  private @Nullable Iterator<? extends T> iterator;
  private @Nullable T next;

  /**
   * Makes a source.
   *
   * @param items the items
   * @param size how many there must be; {@link #UNKNOWN} for any number
   */
  ItemSource(Iterable<? extends T> items, long size) {
    this.items = items;
    this.size = size;
  }

  /** Says that to read the items takes no time and runs no code of the user's. Before the first. */
  ItemSource<T> atHand() {
    isAtHand = true;
    return this;
  }

  /** Tells whether there is another item, which to read takes no time. */
  boolean isNextAtHand() {
    return isAtHand && taken.get() >= 0 && taken() < size;
  }

  /** Has each item kept that is fetched from now on. Before the first. */
  ItemSource<T> heldIn(HeldItems<? super T> place) {
    held = place;
    return this;
  }

  /** What there is to be done when no more items are fetched; null for nothing. */
  @Nullable Runnable closing() {
    return items instanceof StreamItems<?> stream ? stream::close : null;
  }

  /** How many items there must be; {@link #UNKNOWN} for any number. */
  long size() {
    return size;
  }

  /**
   * Goes to the next item without handing it out: false at the end. Runs the user's code.
   *
   * @throws ConcurrentModificationException if there are fewer items than there must be, or more
   */
  boolean fetch() {
    Iterator<? extends T> from = iterator;
    if (from == null) {
      from = Objects.requireNonNull(items).iterator();
      iterator = from;
      items = null;
    }
    boolean hasNext = from.hasNext();
    if (size != UNKNOWN && hasNext != (taken() < size)) {
      throw new ConcurrentModificationException(
          "the items were changed while the call read them, or their size() is wrong: it was "
              + size
              + " when the call was made, but "
              + (hasNext ? "more" : "only " + taken())
              + " came; pass a copy, such as new ArrayList<>(items), or leave them unchanged until"
              + " the call is complete");
    }
    if (!hasNext) {
      return false;
    }
    next = from.next();
    if (held != null) {
      held.put(taken(), next);
    }
    return true;
  }

  /** The item fetched last; forgotten here. */
  @Nullable T pop() {
    @Nullable T item = next;
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
