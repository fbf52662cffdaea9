package dev.procpool.spark.wire;

/** What the driver says to executors. */
public enum ToExecutor {

  // ---- answers to a slot that asks for work

  /** Items for its worker. */
  CHUNK,

  /** Have the worker of a number start, and ask again. */
  START,

  /** There is nothing: the slot is given back to Spark. */
  LEAVE,

  // ---- to the agent

  /** Hand back items that have not started: slot, how many at most. */
  ASK_BACK,

  /**
   * Stop a call: its number, whether running items are stopped, too. Answer, once done: nothing.
   */
  CANCEL,

  /** Forget a call that has ended: its number. */
  FORGET,

  /** Forget a shared value: its key. */
  DROP_SHARED,

  /** What workers are there. Answer: them. */
  WORKERS,

  /** What a worker's threads do: its number. Answer: text. */
  THREADS,

  /** End the worker of a number: no slot has it. */
  RELEASE,

  /** End all: whether at once. Answer, once all is gone: nothing. */
  END;

  private static final ToExecutor[] ALL = values();

  /** All of them, by place; not to be changed. */
  public static ToExecutor[] all() {
    return ALL;
  }
}
