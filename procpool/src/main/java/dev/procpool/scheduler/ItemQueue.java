package dev.procpool.scheduler;

import org.jspecify.annotations.Nullable;

/** Where a call's items arrive. Filled by another thread; the scheduler only takes. */
public interface ItemQueue {

  /**
   * Takes what is there.
   *
   * @param max the most items to take
   * @return the next items in order; null if there are none now, in which case the owner calls
   *     {@link Scheduler#inputReady} when there are
   */
  @Nullable Slice take(int max);

  /**
   * Tells how many items could be taken.
   *
   * @return the number now; more may come
   */
  int ready();

  /**
   * Tells whether no more items will come after those that are there.
   *
   * @return whether the source has ended
   */
  boolean isEnded();
}
