package dev.procpool.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The events that wait for one observer. Thread-safe, guarded by itself; {@link #offer} never
 * waits.
 *
 * <p>Bounded by what the events take, not by their number. Above {@link #MOST} events of items are
 * dropped; for those of calls, workers and the pool, which are few and matter more, there is a
 * reserve. What was dropped is told in its place, before the next event that was not.
 *
 * <p>Waking a thread takes longer than a chunk of small items. So while events come the observer's
 * thread naps and takes what has gathered; it is woken only if much has, or if it sleeps since
 * nothing came for long.
 */
final class ObserverQueue {

  /** How much may wait, in the units of {@link ItemBatch#weight}: some 4 MB. */
  static final int MOST = 1 << 18;

  private static final int RESERVE = MOST / 4;
  private static final int MUCH = MOST / 8;
  private static final long NAP_MILLIS = 20;
  private static final int NAPS = 50;

  private List<Consumer<ObserverThread>> waiting = new ArrayList<>();
  private int weight;

  /** Dropped since the observer was told last. */
  private long dropped;

  private long droppedInAll;
  private boolean sleeps;
  private boolean closed;

  /** How many naps in a row brought nothing. */
  private int idleNaps;

  /**
   * Adds an event, unless there is too much.
   *
   * @param event tells the observer
   * @param itsWeight what it takes
   * @param isOfItems whether it is one of those that are dropped first
   * @param count how many events this is, for the count of those dropped
   */
  synchronized void offer(
      Consumer<ObserverThread> event, int itsWeight, boolean isOfItems, long count) {
    if (closed) {
      return; // nothing comes after the pool's end
    }
    if (weight + itsWeight > (isOfItems ? MOST : MOST + RESERVE)) {
      dropped += count;
      droppedInAll += count;
      return;
    }
    if (dropped > 0) {
      tellDropped();
    }
    waiting.add(event);
    weight += itsWeight;
    if (sleeps || (weight >= MUCH && weight - itsWeight < MUCH)) {
      sleeps = false;
      notifyAll();
    }
  }

  /** Counts events as dropped that could not be made. */
  synchronized void missed(long count) {
    dropped += count;
    droppedInAll += count;
  }

  private void tellDropped() {
    long count = dropped;
    waiting.add(thread -> thread.dropped(count));
    dropped = 0; // last: there may be no memory for the rest
  }

  /** Takes no more events: those that wait are the last. */
  synchronized void close() {
    if (dropped > 0) {
      tellDropped();
    }
    closed = true;
    notifyAll();
  }

  /** How many events were dropped. */
  synchronized long dropped() {
    return droppedInAll;
  }

  /**
   * Takes all events; waits a while for some. For one thread.
   *
   * @param mostMillis how long to wait at most if none come; 0 for ever
   * @return the events; none if none came, or all were taken and no more come
   */
  @SuppressWarnings(
      "WaitNotInLoop") // one that returns early finds less, or nothing, and comes back
  synchronized List<Consumer<ObserverThread>> take(long mostMillis) throws InterruptedException {
    if (!closed && weight < MUCH) {
      wait(NAP_MILLIS);
    }
    if (waiting.isEmpty() && !closed && ++idleNaps > NAPS) {
      sleeps = true;
      wait(mostMillis);
      sleeps = false;
    }
    if (dropped > 0) {
      tellDropped();
    }
    List<Consumer<ObserverThread>> taken = waiting;
    if (!taken.isEmpty()) {
      idleNaps = 0;
      waiting = new ArrayList<>();
      weight = 0;
    }
    return taken.isEmpty() ? List.of() : taken;
  }

  synchronized boolean isOver() {
    return closed && waiting.isEmpty();
  }
}
