package dev.procpool.job;

/**
 * The results of an {@code imap} call between their report and their consumer.
 *
 * <p>Bounded by the call's look-ahead: nothing is kept of a result that was taken. Not thread-safe:
 * guarded by its job's lock.
 */
interface ResultBuffer {

  /** Notes that an item was handed out. */
  void expect(long index);

  /** Takes in an item's result, never null: false if it had one, or was not expected. */
  boolean put(long index, Object result);

  /** Gives a result to every item that is out and has none. */
  void fillMissing(Object result);

  /** Tells whether {@link #take} has something. */
  boolean hasNext();

  /** Takes the next result. */
  Object take();

  /** Drops all results, and those still to come. */
  void discard();
}
