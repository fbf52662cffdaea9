package dev.procpool.protocol;

/** The types of frames, and which way each goes. */
public final class FrameType {

  /** The version that both sides must have; they run from the same jar. */
  public static final int PROTOCOL_VERSION = 1;

  // parent to worker

  /** {@link WorkerConfig}: the answer to {@link #HELLO}. */
  public static final int CONFIG = 1;

  /** {@link TaskMessage}: a call's task, before its first chunk. */
  public static final int TASK = 2;

  /** {@link ChunkHeader} and encoded items: run these after what was sent before. */
  public static final int CHUNK = 3;

  /**
   * {@link ItemRef}: give back what of this chunk has not started; answered by {@link #RETURNED}.
   */
  public static final int RECALL = 4;

  /** {@link ItemRef}: interrupt what runs, if it is of this chunk. */
  public static final int INTERRUPT = 5;

  /** A call's number: its task is not needed any more. */
  public static final int FORGET = 6;

  /** Empty: end in good order once idle. */
  public static final int STOP = 7;

  /** Empty: collect garbage now, and say so with {@link #COLLECTED}. */
  public static final int COLLECT = 8;

  /** {@link FetchMessage.Answer}: the answer to {@link #FETCH}. */
  public static final int FETCHED = 9;

  // worker to parent

  /** {@link Hello}: the first frame. */
  public static final int HELLO = 33;

  /** Empty: the initializer has run. */
  public static final int READY = 34;

  /** An encoded throwable: the initializer failed. */
  public static final int START_FAILED = 35;

  /** {@link ResultHeader} and a payload: an item has finished. Items of a chunk finish in order. */
  public static final int RESULT = 36;

  /** {@link ResultHeader} and a stack: an item ignores its interrupt, nothing else will start. */
  public static final int STUCK = 37;

  /** {@link ItemRef}: the chunk now ends before this item. */
  public static final int RETURNED = 38;

  /** How many bytes of heap are in use, as a long: garbage has been collected. */
  public static final int COLLECTED = 39;

  /** {@link FetchMessage}: a class or resource is not on the worker's class path. */
  public static final int FETCH = 40;

  private FrameType() {}
}
