package dev.procpool.channel;

/**
 * The layout of the memory that the pool shares with one worker: a page of words, then the bytes of
 * the two rings. Offsets are in bytes from the beginning; each word is a long in native order.
 *
 * <p>A word has one writer. Words of different writers are {@value #LINE} bytes apart, since
 * processors fetch lines of 64 bytes in pairs.
 *
 * <pre>
 *      0  MAGIC         which layout this is                             parent, once
 *    128  HEARTBEAT     changes while the worker gets processor time     worker
 *    256  RUNNING       the item being run, 0 for none, negative for     worker's task thread
 *                     one that is about to
 *    384  GATE          not 0: start nothing                             parent
 *    512  task ring's words      parent produces, worker consumes
 *   1024  result ring's words    worker produces, parent consumes
 *   1536  PROGRESS      how often tasks said that they get on           worker, any thread
 *   1544  NOTES         how many notes they left with that              worker, with a lock
 *   1664  two notes     the last, and the one before                    worker, with a lock
 *   4096  task ring's bytes
 *      …  result ring's bytes
 *      …  SEAL          two words that show that the file is whole       parent, once
 *
 * A ring's words, from its beginning:
 *      0  TAIL            bytes ever written                             producer
 *    128  HEAD            bytes ever read                                consumer
 *    256  ASLEEP          the consumer wants the bell when bytes come    both, see {@link Ring}
 *    384  WANTS_ROOM      the producer wants the bell when bytes go      both, see {@link Ring}
 * </pre>
 */
final class MemoryLayout {

  /** Bytes between words of different writers. */
  static final int LINE = 128;

  static final int MAGIC = 0;
  static final int HEARTBEAT = LINE;
  static final int RUNNING = 2 * LINE;
  static final int GATE = 3 * LINE;
  static final int TASKS = 4 * LINE;
  static final int RESULTS = 8 * LINE;

  static final int PROGRESS = 12 * LINE;
  static final int NOTES = PROGRESS + Long.BYTES;

  /** Where the two notes are. */
  static final int NOTE = 13 * LINE;

  /** A note's item, fraction and length, and its text. */
  static final int NOTE_BYTES = 3 * Long.BYTES + Note.MAX_TEXT_BYTES;

  static final int TAIL = 0;
  static final int HEAD = LINE;
  static final int ASLEEP = 2 * LINE;
  static final int WANTS_ROOM = 3 * LINE;

  static final int PAGE_BYTES = 4096;

  /** The size of each ring: holds hundreds of small chunks, and fits into a processor's cache. */
  static final int RING_BYTES = 256 * 1024;

  /** The most that is copied to or from a ring before the other side is shown so. */
  static final int PIECE_BYTES = RING_BYTES / 8;

  static final int TASK_BYTES_AT = PAGE_BYTES;
  static final int RESULT_BYTES_AT = PAGE_BYTES + RING_BYTES;

  /** On a page of its own, the last: whoever cuts off the file cuts this off. */
  static final int SEAL_AT = PAGE_BYTES + 2 * RING_BYTES;

  static final int SEAL_BYTES = 2 * Long.BYTES;
  static final int TOTAL_BYTES = SEAL_AT + PAGE_BYTES;

  /** "proc" and the version of this layout. */
  static final long MAGIC_V4 = 0x70726f63_00000004L;

  /** What both words of the seal are. */
  static final long SEAL = 0x7365616c_7365616cL;

  private MemoryLayout() {}
}
