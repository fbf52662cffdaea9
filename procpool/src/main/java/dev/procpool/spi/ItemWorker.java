package dev.procpool.spi;

import org.jspecify.annotations.Nullable;

/**
 * One worker of an {@link ItemBackend}: a thread, a process, a machine. Runs one item at a time.
 *
 * <p>The backend calls these methods, those of all its workers, one at a time: they need no lock
 * against each other. So none may wait, and none may use the pool. A worker that has to wait, for a
 * connection say, does so on a thread of its own.
 *
 * @since 0.2.0
 */
public interface ItemWorker {

  /**
   * Names the worker for outcomes and observers.
   *
   * @return the name, always the same
   */
  WorkerName name();

  /**
   * Has the worker run an item, on another thread or in another process, and returns. Once the item
   * has ended, {@link ItemAttempt#run} or {@link ItemAttempt#end} tells so. Called only while the
   * worker has nothing to do.
   *
   * @param attempt the attempt at the item
   * @throws Exception if the worker can't: the item fails with it, and the worker is replaced
   */
  void start(ItemAttempt<@Nullable Object, @Nullable Object> attempt) throws Exception;

  /**
   * Ends the worker, with what it runs: that has its outcome already, so nobody waits for it.
   * Called once, when an item has run into its time limit or was cancelled, when there is one
   * worker too many, when the worker was lost, or when the pool ends.
   */
  void end();

  /**
   * Tells what the worker's threads do, for {@link dev.procpool.WorkerInfo#threadDump}. Called
   * without the backend's lock, at any time: may wait. By default it can't be told.
   *
   * @return each thread's name, state and stack
   * @throws InterruptedException if this thread was interrupted
   */
  default String threadDump() throws InterruptedException {
    throw new IllegalStateException("the workers of this backend make no thread dumps");
  }
}
