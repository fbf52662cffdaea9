package dev.procpool.spark.wire;

/** What executors say to the driver. */
public enum ToDriver {

  /** An executor's agent begins: executor, and its endpoint beside. Answer: the pool's options. */
  HELLO,

  /** A slot wants work: slot, number of the question. Answer: a chunk, start, or leave. */
  NEXT,

  /** What has happened: executor, number of the report, records. Answer: nothing. */
  REPORT,

  /** The task of a call: its number. Answer: limits and task; nothing if the call has ended. */
  TASK,

  /** A worker's question for a class: executor, question. Answer: what it asked for. */
  CLASS,

  /** A shared value: its key. Answer: its broadcast; nothing if it was dropped. */
  SHARED,

  /** The options of a worker: its number. Answer: them. */
  OPTIONS;

  private static final ToDriver[] ALL = values();

  /** All of them, by place; not to be changed. */
  public static ToDriver[] all() {
    return ALL;
  }

  /** What a report has records of. */
  public enum Record {

    /** An item has its outcome: call, outcome. */
    OUTCOME,

    /** An item is handed back, which has not started: call, index, slot. */
    BACK,

    /** Something happened to a worker: the event. */
    EVENT,

    /** A worker has printed something: the text. */
    OUTPUT,

    /** A worker has logged something: the record. */
    LOG,

    /** No worker can be run here any more: why. */
    BROKEN;

    private static final Record[] ALL = values();

    /** All of them, by place; not to be changed. */
    public static Record[] all() {
      return ALL;
    }
  }
}
