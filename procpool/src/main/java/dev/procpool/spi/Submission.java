package dev.procpool.spi;

import dev.procpool.Outcome;
import dev.procpool.TaskOptions;
import dev.procpool.function.Task1;
import org.jspecify.annotations.Nullable;

/**
 * One call on a pool, as its backend sees it: a task, items to pull, a place for outcomes.
 *
 * <p><b>Pulling</b> ({@link #advance}, {@link #item}) is done by one thread at a time and may
 * block: the items come from the user's iterator, and only as far as there is credit.
 * <b>Reporting</b> ({@link #succeeded}, {@link #settled}, {@link #abort}) may be done from any
 * thread, for items in any order; it stores and signals and never runs the user's code. The first
 * report for an item counts.
 *
 * @param <T> the type of the items
 * @param <R> the type of the results
 */
public interface Submission<T extends @Nullable Object, R extends @Nullable Object> {

  /**
   * Gives the call's number in its pool.
   *
   * @return the number: calls are numbered from 1 as they are made
   * @since 0.2.0
   */
  long number();

  /**
   * Gives the task.
   *
   * @return the task, the same for all items
   */
  Task1<? super T, ? extends R> task();

  /**
   * Gives the call's options.
   *
   * @return the options
   */
  TaskOptions options();

  /**
   * Tells whether the call has a single item, and that is there already: pulling can't block, so
   * the caller's own thread may do it at once. Backends rely on there being no second item.
   *
   * @return true for a call with a single item that is there already
   */
  boolean isImmediate();

  /**
   * Tells whether the caller does nothing but wait for this call, so that what it has passed does
   * not change meanwhile. Once it does not, it never does again.
   *
   * @return whether the arguments are still what they were
   */
  default boolean isAwaited() {
    return false;
  }

  /**
   * Goes to the next item, waiting for credit and for the source. Items are numbered from 0.
   *
   * @return false if there is none: the source has ended or thrown, or the call was cancelled or
   *     aborted
   * @throws InterruptedException if this thread was interrupted
   */
  boolean advance() throws InterruptedException;

  /**
   * Tells the thread that pulls whether {@link #advance} would answer at once and without code of
   * the user's, so that a backend may gather items before it takes them. By default it does not.
   *
   * @return true if the next item is at hand
   * @since 0.2.0
   */
  default boolean isNextAtHand() {
    return false;
  }

  /**
   * Gives the item that {@link #advance} went to.
   *
   * @return the item; may be null
   */
  T item();

  /**
   * Says that nothing more is pulled, on the thread that pulled: a source that is to be closed is.
   * {@link ItemPull} says so. By default nothing is done.
   *
   * @since 0.2.0
   */
  default void pulled() {}

  /**
   * Reports that an item has a value.
   *
   * @param index the item
   * @param value what the task returned
   * @param attempts how often it was started
   * @param nanos how long the last attempt ran
   * @param worker the process that ran it
   * @since 0.2.0
   */
  void succeeded(long index, R value, int attempts, long nanos, WorkerName worker);

  /**
   * Reports that an item has a value, of a process of a machine that nobody names.
   *
   * @param index the item
   * @param value what the task returned
   * @param attempts how often it was started
   * @param nanos how long the last attempt ran
   * @param workerPid the process that ran it
   */
  default void succeeded(long index, R value, int attempts, long nanos, long workerPid) {
    succeeded(index, value, attempts, nanos, WorkerName.of("", workerPid));
  }

  /**
   * Reports that an item has a value that may take much memory until it is consumed.
   *
   * @param index the item
   * @param value what the task returned
   * @param attempts how often it was started
   * @param nanos how long the last attempt ran
   * @param worker the process that ran it
   * @param bytes how much it takes, by its encoded form
   * @since 0.2.0
   */
  default void succeeded(
      long index, R value, int attempts, long nanos, WorkerName worker, long bytes) {
    succeeded(index, value, attempts, nanos, worker);
  }

  /**
   * Tells how many more items may start without their results taking too much memory while they
   * wait for a slow consumer. Items that were started count until their result was consumed.
   *
   * @param started how many items were started so far
   * @param more is run once when the answer was 0 and has changed, by the thread that consumes; is
   *     to signal and return
   * @return the number; 0 only if a result is waiting or about to come
   */
  default int room(long started, Runnable more) {
    return Integer.MAX_VALUE;
  }

  /** Is told when items begin and cease to be held back, since results wait to be taken. */
  @FunctionalInterface
  interface Waits {

    /**
     * Tells of a change; not of more than one in the same direction.
     *
     * @param isWaiting whether they are held back now
     */
    void changed(boolean isWaiting);
  }

  /**
   * Says who is told when the pull of items begins and ceases to wait for a slow consumer, which is
   * what a look-ahead is for. For statistics; by default nobody is told.
   *
   * @param whom is called by the threads that pull and consume, or by this one; is to return at
   *     once
   * @since 0.2.0
   */
  default void tellWaits(Waits whom) {}

  /**
   * Tells how many bytes of results, in their encoded form, a backend may keep for this call before
   * it has decoded and reported them. While it has more than that it starts no item that was not
   * started before. What was reported and waits for its consumer is limited by {@link #room}.
   *
   * @return the number; by default there is no limit
   * @since 0.2.0
   */
  default long undecodedBytes() {
    return Long.MAX_VALUE;
  }

  /**
   * Reports that items have values, as {@link #succeeded(long, Object, int, long, WorkerName)} does
   * for each, at less cost.
   *
   * @param indexes the items; may be longer than needed, not kept
   * @param values what the task returned for each; not kept
   * @param attempts how often each was started
   * @param nanos how long the last attempt of each ran; may be longer than needed, not kept
   * @param worker the process that ran them
   * @since 0.2.0
   */
  default void succeeded(
      long[] indexes,
      ValueBatch<? extends R> values,
      int attempts,
      long[] nanos,
      WorkerName worker) {
    for (int i = 0; i < values.size(); i++) {
      succeeded(indexes[i], values.value(i), attempts, nanos[i], worker);
    }
  }

  /**
   * Reports that an item has a value, and what else is known of its last attempt.
   *
   * @param index the item
   * @param value what the task returned
   * @param attempts how often it was started
   * @param nanos how long the last attempt ran
   * @param worker the process that ran it
   * @param bytes how much memory the value takes, by its encoded form
   * @param run what else is known
   * @since 0.2.0
   */
  default void succeeded(
      long index, R value, int attempts, long nanos, WorkerName worker, long bytes, ItemRun run) {
    succeeded(index, value, attempts, nanos, worker, bytes);
  }

  /**
   * Reports that items have values, and what else is known of their last attempts.
   *
   * @param indexes the items; may be longer than needed, not kept
   * @param values what the task returned for each; not kept
   * @param attempts how often each was started
   * @param nanos how long the last attempt of each ran; may be longer than needed, not kept
   * @param worker the process that ran them
   * @param run what else is known of all
   * @since 0.2.0
   */
  default void succeeded(
      long[] indexes,
      ValueBatch<? extends R> values,
      int attempts,
      long[] nanos,
      WorkerName worker,
      ItemRun run) {
    succeeded(indexes, values, attempts, nanos, worker);
  }

  /**
   * Reports an outcome that is neither a success nor pending.
   *
   * @param outcome the outcome
   */
  void settled(Outcome<R> outcome);

  /**
   * Reports an outcome that is neither a success nor pending, and what else is known of its last
   * attempt.
   *
   * @param outcome the outcome
   * @param run what else is known
   * @since 0.2.0
   */
  default void settled(Outcome<R> outcome, ItemRun run) {
    settled(outcome);
  }

  /**
   * Ends the call: items without an outcome become {@link Outcome.Cancelled} if the cause is a
   * {@link java.util.concurrent.CancellationException}, else {@link Outcome.Failure} with the
   * cause. No more items are pulled.
   *
   * @param cause why
   */
  void abort(Throwable cause);

  /**
   * Ends the call as {@link #abort} does, and lets go of the results that have come, since there is
   * no memory for them: every item has the cause as its outcome then.
   *
   * @param cause why
   * @since 0.2.0
   */
  default void drop(Throwable cause) {
    abort(cause);
  }

  /**
   * Tells whether every item has its outcome and no more come.
   *
   * @return whether the call has ended
   */
  boolean isEnded();
}
