package dev.procpool.spark.wire;

/** What the driver says to executors. */
public enum ToExecutor implements Wire.Coded {

  // ---- answers to a slot that asks for work

  /** Items for its worker, and up to which release they come after. */
  CHUNK('C'),

  /** Have the worker of a number start, and ask again; up to which release that comes after. */
  START('S'),

  /** There is nothing: the slot is given back to Spark. */
  LEAVE('L'),

  // ---- to the agent

  /** Hand back items that have not started: slot, how many at most. */
  ASK_BACK('B'),

  /**
   * Stop a call: its number, whether running items are stopped, too. Answer, once done: nothing.
   */
  CANCEL('X'),

  /** Forget a call that has ended: its number. */
  FORGET('F'),

  /** Forget a shared value: its key. */
  DROP_SHARED('D'),

  /** What workers are there. Answer: them. */
  WORKERS('W'),

  /** What a worker's threads do: its number. Answer: text. */
  THREADS('T'),

  /**
   * End the worker of a number, which no slot has: the number of the release, and of the worker.
   */
  RELEASE('R'),

  /** End all: whether at once. Answer, once all is gone: nothing. */
  END('E');

  private static final ToExecutor[] ALL = values();

  private final byte code;

  ToExecutor(char code) {
    this.code = (byte) code;
  }

  @Override
  public byte code() {
    return code;
  }

  /** All of them, by place; not to be changed. */
  public static ToExecutor[] all() {
    return ALL;
  }
}
