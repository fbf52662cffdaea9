package dev.procpool.items;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Where the items of one call are, from the one that pulls them to the report of their outcomes.
 *
 * <p>Guarded by the backend's lock, which every method is called with, but {@link #isStopped}.
 *
 * <pre>
 *   an item: WAITING ── a worker is free ──> RUNNING ── it has an outcome ──> REPORTING ──> gone
 *               ^                               | it is tried again
 *               └───────────── DELAYED <────────┘
 * </pre>
 *
 * @param <I> an item that waits
 * @param <A> an attempt at one
 */
public final class CallItems<I, A> {

  /** Items that are pulled ahead of the workers. */
  private static final int READ_AHEAD = 16;

  private final Deque<I> waiting = new ArrayDeque<>();
  private final Set<I> delayed = new HashSet<>();
  private final Set<A> running = new HashSet<>();
  private final Condition space;
  private @Nullable Thread puller;
  private boolean isPulled;

  /** How many outcomes are known and not reported yet. */
  private int reporting;

  /** Written with the lock. */
  private volatile boolean isStopped;

  /**
   * Makes one of a call with no items.
   *
   * @param space of the backend's lock; nobody else's
   */
  public CallItems(Condition space) {
    this.space = space;
  }

  // ---------------------------------------------------------------- pulling

  /** Names the thread that pulls; null if it is the caller's. */
  public void pulledBy(@Nullable Thread thread) {
    puller = thread;
  }

  /** No more items come. */
  public void pulled() {
    isPulled = true;
    puller = null;
  }

  /** Waits, without the lock, until there is room for an item: false if the call was stopped. */
  public boolean awaitRoom() {
    while (!isStopped && waiting.size() >= READ_AHEAD) {
      space.awaitUninterruptibly();
    }
    return !isStopped;
  }

  /** Whether the call was cancelled, or the pool terminated. Needs no lock. */
  public boolean isStopped() {
    return isStopped;
  }

  // ---------------------------------------------------------------- waiting and running

  /** Puts an item behind those that wait: true if it is the only one. */
  public boolean add(I item) {
    waiting.add(item);
    return waiting.size() == 1;
  }

  /** Whether an item waits for a worker. */
  public boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /** Takes the first item that waits. */
  public I next() {
    I item = waiting.remove();
    space.signal();
    return item;
  }

  /** An attempt has begun. */
  public void begin(A attempt) {
    running.add(attempt);
  }

  /** An attempt has ended. */
  public void end(A attempt) {
    running.remove(attempt);
  }

  /** The attempts under way, as of now. */
  public List<A> running() {
    return List.copyOf(running);
  }

  /** Has an item wait for the time when it is tried again. */
  public void delay(I item) {
    delayed.add(item);
  }

  /** Takes an item whose time has come: false if it is not tried again, as the call was stopped. */
  public boolean takeDelayed(I item) {
    return delayed.remove(item);
  }

  /** One more outcome is known. */
  public void reporting() {
    reporting++;
  }

  /** An outcome was reported, or is due no more. */
  public void reported() {
    reporting--;
  }

  // ---------------------------------------------------------------- the end

  /**
   * Has no more items pulled, and none tried again.
   *
   * @return the items that don't run
   */
  public List<I> stop() {
    isStopped = true;
    isPulled = true; // its source may block for ever
    space.signalAll();
    if (puller != null) {
      puller.interrupt();
    }
    List<I> left = new ArrayList<>(waiting);
    left.addAll(delayed);
    waiting.clear();
    delayed.clear();
    return left;
  }

  /** Forgets the attempts under way. */
  public void forgetRunning() {
    running.clear();
  }

  /** Whether nothing of the call is left to do. */
  public boolean isOver() {
    return isPulled
        && waiting.isEmpty()
        && delayed.isEmpty()
        && running.isEmpty()
        && reporting == 0;
  }
}
