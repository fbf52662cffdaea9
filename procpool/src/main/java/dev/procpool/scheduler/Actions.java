package dev.procpool.scheduler;

/** What a scheduler has done by its owner. Called from within the scheduler's methods. */
public interface Actions {

  /**
   * Send a chunk to a worker.
   *
   * @param worker the worker
   * @param chunk the chunk
   */
  void dispatch(long worker, Chunk chunk);

  /**
   * Ask a worker for what of a chunk it has not started; it answers with {@link
   * Scheduler#returned}.
   *
   * @param worker the worker
   * @param chunk the chunk
   */
  void recall(long worker, Chunk chunk);

  /**
   * Interrupt the item of a chunk that a worker runs, since its call was cancelled.
   *
   * @param worker the worker
   * @param chunk the chunk
   */
  void interrupt(long worker, Chunk chunk);

  /**
   * Report items as cancelled that are not with any worker.
   *
   * @param job their call
   * @param items the items
   */
  void cancelled(long job, Slice items);

  /**
   * Forget a call: its source has ended and every item that was taken is settled.
   *
   * @param job the call
   */
  void jobEnded(long job);

  /**
   * A draining worker has nothing left to do.
   *
   * @param worker the worker
   */
  void drained(long worker);
}
