package dev.procpool.protocol;

/**
 * The types of frames that go from a worker to its parent; see {@link ToWorker} for the other way.
 */
public final class ToParent {

  // on the socket

  /** {@link Hello}: the first frame. */
  public static final int HELLO = 33;

  /** {@link Hello}: the first and only frame of the connection that becomes the bell. */
  public static final int HELLO_BELL = 34;

  /** Empty: the initializer has run. */
  public static final int READY = 35;

  /** An encoded throwable: the initializer failed. */
  public static final int START_FAILED = 36;

  /** {@link StoppedItem}: the item ignores its interrupt, nothing else will start. */
  public static final int STUCK = 37;

  /** {@link ItemRef}: the chunk now ends before this item. */
  public static final int RETURNED = 38;

  /** How many bytes of heap are in use, as a long: garbage has been collected. */
  public static final int COLLECTED = 39;

  /** {@link FetchMessage}: a class or resource that the worker lacks. */
  public static final int FETCH = 40;

  /** {@link LogMessage}: something was logged. */
  public static final int LOG = 41;

  /** {@link LevelMessage}: from which level on is something logged; {@link ToWorker#LEVEL_IS}. */
  public static final int LEVEL = 42;

  /** A request's number and text: the answer to {@link ToWorker#DUMP}. */
  public static final int THREADS = 43;

  /** Empty: the item that runs is to be this worker's last. */
  public static final int REPLACE = 44;

  // in the ring

  /**
   * A payload and its {@link ResultTrailer}: an item has finished, or says something of itself
   * before that. Items of a chunk finish in order, and chunks in the order they were sent.
   */
  public static final int RESULT = 49;

  /**
   * An encoded value and how long its item ran in nanoseconds, as an int. The item is the one after
   * that of the frame before, in the same chunk.
   */
  public static final int NEXT_VALUE = 50;

  private ToParent() {}
}
