package dev.procpool.scheduler;

/** What a scheduler has done by its owner. Called from within the scheduler's methods. */
public interface Actions {

  /**
   * Send a chunk to a worker.
   *
   * @param worker the worker
   * @param chunk the chunk
   */
  void dispatch(long worker, SentChunk chunk);

  /**
   * Ask a worker for what of a chunk it has not started; it answers with {@link
   * Scheduler#returned}.
   *
   * @param worker the worker
   * @param chunk the chunk
   */
  void recall(long worker, SentChunk chunk);

  /**
   * Workers have answered all that they were asked of a call, or are gone.
   *
   * @param call the call, which may have ended
   */
  void recalled(long call);

  /**
   * Interrupt the item of a chunk that a worker runs, since its call was cancelled.
   *
   * @param worker the worker
   * @param chunk the chunk
   */
  void interrupt(long worker, SentChunk chunk);

  /**
   * Report items as cancelled that are not with any worker.
   *
   * @param call their call
   * @param items the items
   */
  void cancelled(long call, Slice items);

  /**
   * Forget a call: its source has ended and every item that was taken is settled.
   *
   * @param call the call
   */
  void callEnded(long call);

  /**
   * A worker that was retired has nothing left to do.
   *
   * @param worker the worker
   */
  void retired(long worker);
}
