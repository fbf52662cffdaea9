package dev.procpool.protocol;

/** The types of frames, and which way each goes. */
public final class FrameType {

  /** The version that both sides must have; they run from the same jar. */
  public static final int PROTOCOL_VERSION = 6;

  // parent to worker, on the socket: seen at once, whatever the task thread does

  /** {@link WorkerConfig}: the answer to {@link #HELLO}. */
  public static final int CONFIG = 1;

  /**
   * {@link ItemRef}: give back what of this chunk has not started; answered by {@link #RETURNED}.
   */
  public static final int RECALL = 4;

  /** {@link ItemRef}: interrupt what runs, if it is of this chunk. */
  public static final int INTERRUPT = 5;

  /** Empty: end in good order once idle. */
  public static final int STOP = 7;

  /** Empty: collect garbage now, and say so with {@link #COLLECTED}. */
  public static final int COLLECT = 8;

  /** {@link FetchMessage.Answer}: the answer to {@link #FETCH}. */
  public static final int FETCHED = 9;

  /** Empty: take in what is in the ring, since more waits to be written to it. */
  public static final int NUDGE = 10;

  /** How many, and of how many bytes, as ints: {@link #LOG} frames that have been dealt with. */
  public static final int LOGGED = 11;

  /** {@link LevelMessage}: the answer to {@link #LEVEL}, and news of changes. */
  public static final int LEVEL_IS = 15;

  /** The key of a shared value that was released, as text: let go of the copy of it. */
  public static final int DROP_SHARED = 16;

  /** A request's number: tell what all threads do; answered by {@link #THREADS}. */
  public static final int DUMP = 12;

  // parent to worker, in the ring

  /** {@link TaskMessage}: a call's task, before its first chunk. */
  public static final int TASK = 2;

  /** {@link ChunkHeader} and encoded items: run these after what was sent before. */
  public static final int CHUNK = 3;

  /** The next of the bodies of the item in the next {@link #CHUNK}, which has no other item. */
  public static final int BODY = 13;

  /**
   * In place of a {@link #CHUNK}: the caller may have changed its bodies, so it is not to be run. A
   * {@link #RECALL} of it was sent or will be.
   */
  public static final int WITHDRAWN = 14;

  /** A call's number: its task is not needed any more. */
  public static final int FORGET = 6;

  /** A loader's number: no call will name it again. */
  public static final int RELEASE = 11;

  // worker to parent, on the socket, but for RESULT and NEXT_VALUE

  /** {@link Hello}: the first frame. */
  public static final int HELLO = 33;

  /** {@link Hello}: the first and only frame of the connection that becomes the bell. */
  public static final int HELLO_BELL = 41;

  /** Empty: the initializer has run. */
  public static final int READY = 34;

  /** An encoded throwable: the initializer failed. */
  public static final int START_FAILED = 35;

  /**
   * A payload and its {@link ResultTrailer}, in the ring: an item has finished. Items of a chunk
   * finish in order, and chunks in the order they were sent.
   */
  public static final int RESULT = 36;

  /**
   * An encoded value and how long its item ran in nanoseconds, as an int; in the ring. The item is
   * the one after that of the frame before, in the same chunk.
   */
  public static final int NEXT_VALUE = 42;

  /** An encoded throwable with a stack: the item ignores its interrupt, nothing else will start. */
  public static final int STUCK = 37;

  /** {@link ItemRef}: the chunk now ends before this item. */
  public static final int RETURNED = 38;

  /** How many bytes of heap are in use, as a long: garbage has been collected. */
  public static final int COLLECTED = 39;

  /** {@link FetchMessage}: a class or resource that the worker lacks. */
  public static final int FETCH = 40;

  /** {@link LogMessage}: something was logged. */
  public static final int LOG = 42;

  /** {@link LevelMessage}: from which level on is something logged; {@link #LEVEL_IS} answers. */
  public static final int LEVEL = 44;

  /** A request's number and text: the answer to {@link #DUMP}. */
  public static final int THREADS = 43;

  private FrameType() {}
}
