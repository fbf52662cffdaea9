package dev.procpool;

/**
 * Is told what happens in a pool: for metrics, traces, a display. Made known to a pool by its
 * builder's {@code observer}, or later by {@link Pool#observe}; one observer may watch several
 * pools.
 *
 * <p>Each observer of a pool is called on a thread of its own, one event after the other, in the
 * order in which they happened, a few milliseconds later. Events wait in a queue of bounded memory.
 * If an observer is too slow, events are dropped, those of items first, and {@link #eventsDropped}
 * says how many. So an observer that blocks holds up nobody, and one that throws harms nobody: what
 * it throws is logged once. It may call every method of the pool. One that refers to its pool keeps
 * it reachable, so that a pool which nobody closes or uses any more is not ended.
 *
 * <p>What holds for the events of a pool, unless some were dropped:
 *
 * <ul>
 *   <li>{@link #callBegun} comes before all else of its call, {@link #callEnded} after it.
 *   <li>Each item of a call ends exactly once. Attempts that are repeated don't end the item; each
 *       is an {@link #itemRetried}.
 *   <li>The last event is {@link PoolState#TERMINATED}. The end of the pool ({@code join()}, {@code
 *       close()}) waits until it was delivered, for two seconds at most.
 * </ul>
 *
 * <p>The idea is Caffeine's {@code StatsCounter} and resilience4j's event publishers, but that
 * users' code never runs where the work is done.
 *
 * @since 0.2.0
 */
public interface PoolObserver {

  /**
   * The pool has another state. The first is {@link PoolState#RUNNING}.
   *
   * @param event the event
   */
  default void poolChanged(PoolEvent.PoolChange event) {}

  /**
   * A worker's process was started.
   *
   * @param event the event
   */
  default void workerStarted(PoolEvent.WorkerStart event) {}

  /**
   * A worker is ready for its first item.
   *
   * @param event the event
   */
  default void workerReady(PoolEvent.WorkerReady event) {}

  /**
   * A worker has ended.
   *
   * @param event the event
   */
  default void workerEnded(PoolEvent.WorkerGone event) {}

  /**
   * A call was made.
   *
   * @param event the event
   */
  default void callBegun(PoolEvent.CallBegin event) {}

  /**
   * A call has got on.
   *
   * @param event the event
   */
  default void callProgressed(PoolEvent.CallProgress event) {}

  /**
   * A call has ended.
   *
   * @param event the event
   */
  default void callEnded(PoolEvent.CallEnd event) {}

  /**
   * Items were sent to a worker.
   *
   * @param event the event
   */
  default void itemsSent(PoolEvent.ItemsSent event) {}

  /**
   * Items have ended. By default each is passed to {@link #itemEnded}; an observer that only counts
   * does better to override this.
   *
   * @param event the event
   */
  default void itemsEnded(PoolEvent.ItemsEnd event) {
    for (int i = 0; i < event.size(); i++) {
      itemEnded(event.item(i));
    }
  }

  /**
   * An item has ended.
   *
   * @param event the event
   */
  default void itemEnded(PoolEvent.ItemEnd event) {}

  /**
   * An item says how far it has come.
   *
   * @param event the event
   */
  default void itemProgressed(PoolEvent.ItemProgress event) {}

  /**
   * An item was stopped at a limit.
   *
   * @param event the event
   */
  default void itemTimedOut(PoolEvent.ItemTimeout event) {}

  /**
   * An item will be tried again.
   *
   * @param event the event
   */
  default void itemRetried(PoolEvent.ItemRetry event) {}

  /**
   * Events were dropped, since this observer was too slow: those between the last event told and
   * the next.
   *
   * @param pool the pool's name
   * @param count how many; each item counts
   */
  default void eventsDropped(String pool, long count) {}

  /**
   * That an observer is told what happens in a pool: see {@link Pool#observe}. Thread-safe.
   *
   * @since 0.2.0
   */
  interface Registration extends AutoCloseable {

    /**
     * Ends it: the observer is told what waits for it already, and nothing of what happens after
     * this. Returns at once; a second call does nothing.
     */
    @Override
    void close();
  }
}
