package dev.procpool.protocol;

/**
 * The types of frames that go from the parent to a worker. No number is one of {@link ToParent}'s,
 * nor another's here: a frame that goes the wrong way is of an unknown type there.
 *
 * <p>Constants, and no {@code enum}: each {@code switch} of one is a class more to load before the
 * first result, and each item of the ring would be looked up twice.
 */
public final class ToWorker {

  // on the socket: seen at once, whatever the task thread does

  /** {@link WorkerConfig}: the answer to {@link ToParent#HELLO}. */
  public static final int CONFIG = 1;

  /**
   * {@link ItemRef}: give back what of this chunk has not started; answered by {@link
   * ToParent#RETURNED}.
   */
  public static final int RECALL = 2;

  /** {@link ItemRef}: interrupt what runs, if it is of this chunk. */
  public static final int INTERRUPT = 3;

  /** Empty: end in good order once idle. */
  public static final int STOP = 4;

  /** Empty: collect garbage now, and say so with {@link ToParent#COLLECTED}. */
  public static final int COLLECT = 5;

  /** {@link FetchMessage.Answer}: the answer to {@link ToParent#FETCH}. */
  public static final int FETCHED = 6;

  /** Empty: take in what is in the ring, since more waits to be written to it. */
  public static final int NUDGE = 7;

  /** How many, and of how many bytes, as ints: {@link ToParent#LOG} frames that were dealt with. */
  public static final int LOGGED = 8;

  /** {@link LevelMessage}: the answer to {@link ToParent#LEVEL}, and news of changes. */
  public static final int LEVEL_IS = 9;

  /** The key of a shared value that was released, as text: let go of the copy of it. */
  public static final int DROP_SHARED = 10;

  /** A request's number: tell what all threads do; answered by {@link ToParent#THREADS}. */
  public static final int DUMP = 11;

  // in the ring: in order with the chunks

  /** {@link TaskMessage}: the task of a call of several items, before its first chunk. */
  public static final int TASK = 17;

  /** {@link ChunkHeader} and encoded items: run these after what was sent before. */
  public static final int CHUNK = 18;

  /** The next of the bodies of the item in the next {@link #CHUNK}, which has no other item. */
  public static final int BODY = 19;

  /**
   * In place of a {@link #CHUNK}: the caller may have changed its bodies, so it is not to be run. A
   * {@link #RECALL} of it was sent or will be.
   */
  public static final int WITHDRAWN = 20;

  /** A call's number: its task is not needed any more. */
  public static final int FORGET = 21;

  /** A loader's number: no call will name it again. */
  public static final int RELEASE = 22;

  /**
   * What an earlier attempt at the item in the next {@link #CHUNK} has published last; the chunk
   * has no other item.
   */
  public static final int PART = 23;

  /**
   * {@link TaskMessage}: the task of the next {@link #CHUNK}, which is all that its call has. It
   * goes with the chunk, so nobody says {@link #FORGET}.
   */
  public static final int OWN_TASK = 24;

  private ToWorker() {}
}
