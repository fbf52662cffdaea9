package dev.procpool.local.service;

import dev.procpool.process.GarbageTime;

/**
 * What {@link Supervision} has seen of one worker: clocks, none of which is the worker's word.
 *
 * <pre>
 * clock             begins anew when                                  stands for
 * itemSince         another item is named, or some result comes       the time limit of an item
 * stalledSince      the same, or an item says that it gets on         its stall limit
 * progressedSince   anything is read or written, or nothing is due    a worker that reports nothing
 * beatSince         the heartbeat has gone on                         a process that does not run
 * </pre>
 *
 * <p>Owned by the engine's thread.
 */
final class Watched {

  /** What the run page said last, and how much had been received by then. */
  private long word;

  private long received;
  private long parts;
  private long itemSince;

  private long said;
  private long stalledSince;

  private long progressedReceived;
  private long progressedUnsent;
  private long progressedSince;
  private long namedSince;

  private long beat;
  private long beatSince;

  private final GarbageTime garbage = new GarbageTime();

  /**
   * Takes note of the item that the run page names. It is named there until its result was sent,
   * and sending a large one takes time that is not the item's: while some of it comes, its clock
   * begins anew. Not so while it publishes parts, or it could go on for ever.
   *
   * @param nowReceived how often something was read of the worker
   * @param nowParts how many parts it has published
   * @param nowSaid how often its items have said that they get on
   * @param now by the worker's own clock
   */
  void observe(long nowWord, long nowReceived, long nowParts, long nowSaid, long now) {
    boolean isNew = nowWord != word;
    boolean sends = nowReceived != received;
    if (isNew || (sends && nowParts == parts)) {
      itemSince = now;
    }
    if (isNew || sends || nowSaid != said) {
      stalledSince = now;
    }
    word = nowWord;
    received = nowReceived;
    parts = nowParts;
    said = nowSaid;
  }

  /**
   * Takes note of whether the worker gets on.
   *
   * @param excused whether nothing is expected of it
   * @param names whether it names an item
   * @param nowReceived how often something was read of it
   * @param nowUnsent how much it has not taken yet of what was written to it
   */
  void observeProgress(boolean excused, boolean names, long nowReceived, long nowUnsent, long now) {
    boolean moved = nowReceived != progressedReceived || nowUnsent != progressedUnsent;
    boolean progressed = excused || moved || progressedSince == 0;
    progressedReceived = nowReceived;
    progressedUnsent = nowUnsent;
    if (progressed) {
      progressedSince = now;
    }
    if (progressed || names) {
      namedSince = now;
    }
  }

  /**
   * Takes note of the heartbeat.
   *
   * @param excused whether nobody has looked for long
   */
  void observeBeat(long nowBeat, boolean excused, long now) {
    if (nowBeat != beat || beatSince == 0 || excused) {
      beat = nowBeat;
      beatSince = now;
    }
  }

  /** Since when it is at its item, or sends what that gave; by the worker's own clock. */
  long itemSince() {
    return itemSince;
  }

  /** Since when its item has said nothing, and sent nothing; by the worker's own clock. */
  long stalledSince() {
    return stalledSince;
  }

  /** When it last had nothing to do, or something was read of it or written to it. */
  long progressedSince() {
    return progressedSince;
  }

  /** When it last named an item, or got on. */
  long namedSince() {
    return namedSince;
  }

  /** Since when its heartbeat stands still. */
  long beatSince() {
    return beatSince;
  }

  /** How much processor time goes into collecting garbage. */
  GarbageTime garbage() {
    return garbage;
  }
}
