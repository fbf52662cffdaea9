package dev.procpool.events;

/**
 * What a pool tells of its workers and items as it happens: to Java Flight Recorder, or to nobody
 * where the JVM has no module {@code jdk.jfr}. Called on one thread, the engine's, but for {@link
 * #prepare}.
 *
 * <p>While nothing is recorded a call costs a look at a flag; {@link #recordsItems} is that look,
 * for those who ask once for many items.
 */
public interface PoolEvents {

  /** An item, as events name it. */
  record Item(int worker, long pid, long call, String label, long index, int attempt) {}

  /** Tells nobody. */
  PoolEvents NONE = new PoolEvents() {};

  /**
   * Gives the events of a pool.
   *
   * @param pool the pool's name
   * @return those that Java Flight Recorder records, or {@link #NONE} where it is missing
   */
  static PoolEvents of(String pool) {
    // asked of the class that would use it: in a program of modules it must be resolved and read
    try {
      Class.forName("jdk.jfr.Event", false, PoolEvents.class.getClassLoader());
      return new FlightRecorderEvents(pool);
    } catch (ClassNotFoundException | LinkageError e) {
      return NONE;
    }
  }

  /** Loads what the first question takes, of the recorder, so that nobody waits for it then. */
  default void prepare() {
    recordsItems();
  }

  /**
   * Tells whether {@link #item} would be recorded.
   *
   * @return whether it is worth calling
   */
  default boolean recordsItems() {
    return false;
  }

  /**
   * Tells whether {@link #chunk} would be recorded.
   *
   * @return whether it is worth calling
   */
  default boolean recordsChunks() {
    return false;
  }

  /**
   * A worker is ready for its first item.
   *
   * @param worker its number
   * @param pid its process
   * @param nanos how long its start took
   */
  default void workerStarted(int worker, long pid, long nanos) {}

  /**
   * A worker's process has ended.
   *
   * @param worker its number
   * @param pid its process
   * @param how how it ended, in words
   * @param items how many items it had finished
   * @param nanos how long it lived
   */
  default void workerEnded(int worker, long pid, String how, long items, long nanos) {}

  /**
   * Items were sent to a worker.
   *
   * @param first the first of them
   * @param count how many there are
   * @param bytes their encoded size
   */
  default void chunk(Item first, int count, long bytes) {}

  /**
   * An item has finished, one way or another.
   *
   * @param item the item
   * @param outcome how
   * @param nanos how long it ran
   */
  default void item(Item item, String outcome, long nanos) {}

  /**
   * An item has run longer than its limit and was stopped.
   *
   * @param item the item
   * @param limitNanos its limit
   * @param nanos how long it ran
   */
  default void timeout(Item item, long limitNanos, long nanos) {}

  /**
   * An item will be tried again.
   *
   * @param item the item, as it was tried
   * @param why the outcome that is not to be the last
   * @param delayNanos how long it waits
   */
  default void retry(Item item, String why, long delayNanos) {}
}
