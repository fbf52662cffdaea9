package dev.procpool.spark.wire;

/** What executors say to the driver. */
public enum ToDriver implements Wire.Coded {

  /** An executor's agent begins: executor, and its endpoint beside. Answer: the pool's options. */
  HELLO('H'),

  /** A slot wants work: slot, number of the question. Answer: a chunk, start, or leave. */
  NEXT('N'),

  /**
   * What has happened: executor, number of the report, records. Answer: whether to hold back what
   * workers print and log.
   */
  REPORT('R'),

  /** A question of who holds that back. Answer, once there is room for more: nothing. */
  ROOM('M'),

  /** The task of a call: its number. Answer: limits and task; nothing if the call has ended. */
  TASK('T'),

  /** A worker's question for a class: executor, question. Answer: what it asked for. */
  CLASS('C'),

  /** A shared value: its key. Answer: its broadcast; nothing if it was dropped. */
  SHARED('S'),

  /** The options of a worker: its number. Answer: them. */
  OPTIONS('P');

  private static final ToDriver[] ALL = values();

  private final byte code;

  ToDriver(char code) {
    this.code = (byte) code;
  }

  @Override
  public byte code() {
    return code;
  }

  /** All of them, by place; not to be changed. */
  public static ToDriver[] all() {
    return ALL;
  }

  /** What a report has one after another. */
  public enum Entry implements Wire.Coded {

    /** An item has its outcome: call, outcome. */
    OUTCOME('O'),

    /** Items of a call have values, which one worker has made: see {@link Successes}. */
    SUCCESSES('S'),

    /** An item is handed back, which has not started: call, index, slot. */
    BACK('B'),

    /** Something happened to a worker: the event. */
    EVENT('E'),

    /** A worker has printed something: the text. */
    OUTPUT('U'),

    /** A worker has logged something: the record. */
    LOG('L'),

    /** No worker can be run here any more: why. */
    BROKEN('X');

    private static final Entry[] ALL = values();

    private final byte code;

    Entry(char code) {
      this.code = (byte) code;
    }

    @Override
    public byte code() {
      return code;
    }

    /** All of them, by place; not to be changed. */
    public static Entry[] all() {
      return ALL;
    }
  }
}
