package dev.procpool.scheduler;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The calls that have not ended, and whose turn it is: a ring of those that may have items to send,
 * for each priority. The first gives one chunk and goes to the end.
 *
 * <p>A call leaves the ring when it has nothing to send. It comes back when its input has more, a
 * worker gives items back, or the time of another attempt has come. One that is cancelled says so
 * of all that waits.
 */
final class Calls {

  /** A call waits so long for a worker before others have to give way. */
  static final long STARVING_NANOS = 5_000_000;

  private record Due(long at, CallQueue call) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return Long.compare(at, other.at);
    }
  }

  private final Actions actions;
  private final Map<Long, CallQueue> open = new HashMap<>();
  private final PriorityTurns<CallQueue> ring = new PriorityTurns<>();

  /** When calls have an item that waits for another attempt. */
  private final PriorityQueue<Due> retries = new PriorityQueue<>();

  /** How many open calls have a priority of their own. */
  private int prioritized;

  /** How many calls of the ring have nothing with any worker. */
  private int waiting;

  private long lastChunkAt;
  private long lastChunkId;

  Calls(Actions actions) {
    this.actions = actions;
  }

  // ------------------------------------------------------------------ which there are

  void add(CallQueue call) {
    open.put(call.id(), call);
    prioritized += call.priority() == 0 ? 0 : 1;
    join(call);
  }

  @Nullable CallQueue find(long id) {
    return open.get(id);
  }

  /** Whether calls may differ in priority. */
  boolean arePrioritized() {
    return prioritized > 0;
  }

  /** Reports everything of a cancelled call that waits, and its end if that was the rest. */
  void discard(CallQueue call) {
    for (Slice items = call.takeAny(); items != null; items = call.takeAny()) {
      call.settled(items.count());
      actions.cancelled(call.id(), items);
    }
    endIfFinished(call);
  }

  void endIfFinished(CallQueue call) {
    if (call.isFinished() && open.remove(call.id()) != null) {
      call.end();
      prioritized -= call.priority() == 0 ? 0 : 1;
      actions.callEnded(call.id());
    }
  }

  /** A worker has answered for a chunk that it was asked for, or is gone. */
  void answered(CallQueue call) {
    if (--call.recalls == 0) {
      actions.recalled(call.id());
    }
  }

  /** Forgets all. */
  void clear() {
    open.clear();
    ring.clear();
    retries.clear();
    prioritized = 0;
    waiting = 0;
  }

  // ------------------------------------------------------------------ whose turn it is

  /** A call may have items to send. */
  void join(CallQueue call) {
    if (!call.inRing && !call.isOver()) {
      call.inRing = true;
      ring.add(call, call.priority());
      waiting += call.outstanding == 0 ? 1 : 0;
    }
  }

  private void leave(CallQueue call) {
    call.inRing = false;
    waiting -= call.outstanding == 0 ? 1 : 0;
  }

  /** A call has an item for another attempt. */
  void joinAt(long time, CallQueue call) {
    retries.add(new Due(time, call));
  }

  void joinDue(long now) {
    for (Due due = retries.peek(); due != null && due.at() - now <= 0; due = retries.peek()) {
      retries.remove();
      join(due.call());
    }
  }

  /** When {@link #joinDue} has something to do; {@code Long.MAX_VALUE} if nothing is to come. */
  long nextDue() {
    Due due = retries.peek();
    return due == null ? Long.MAX_VALUE : due.at();
  }

  /**
   * Takes the next chunk of the call whose turn it is.
   *
   * @param isAhead whether it is for a worker that is still busy
   * @param workers how many workers there are
   * @param now the time
   * @return the chunk; null if no call has anything to send
   */
  @Nullable SentChunk next(boolean isAhead, int workers, long now) {
    ArrayDeque<CallQueue> only = ring.only();
    if (only != null) {
      return next(only, isAhead, workers, now);
    }
    for (ArrayDeque<CallQueue> calls : ring.inTurn()) {
      SentChunk chunk = next(calls, isAhead, workers, now);
      if (chunk != null) {
        return chunk;
      }
    }
    return null;
  }

  private @Nullable SentChunk next(
      ArrayDeque<CallQueue> calls, boolean isAhead, int workers, long now) {
    for (int left = calls.size(); left > 0; left--) {
      CallQueue call = calls.remove();
      if (isAhead && !call.isWorthSendingAhead(now)) {
        calls.add(call); // more will have come when the worker needs it
        continue;
      }
      leave(call);
      Slice items = call.isOver() ? null : call.take(workers, now);
      if (items != null) {
        outstanding(call, items.count());
        if (call.mayHaveMore()) {
          join(call);
        }
        lastChunkAt = now;
        long itemNanos = call.size.itemNanosOr(WorkerSlot.LOOK_AHEAD_NANOS);
        return new SentChunk(++lastChunkId, call, items, itemNanos);
      }
    }
    return null;
  }

  /** Changes how many of a call's items are with workers. */
  void outstanding(CallQueue call, long change) {
    boolean waited = call.inRing && call.outstanding == 0;
    call.outstanding += change;
    boolean waits = call.inRing && call.outstanding == 0;
    waiting += (waits ? 1 : 0) - (waited ? 1 : 0);
  }

  /** Takes a chunk's items from one on away from its worker; beyond the last there is nothing. */
  void takeBack(WorkerSlot worker, SentChunk chunk, int from) {
    if (from >= chunk.end()) {
      return;
    }
    Slice items = worker.takeBack(chunk, from);
    CallQueue call = chunk.queue();
    outstanding(call, -items.count());
    call.giveBack(items);
    if (call.isCancelled()) {
      discard(call);
    } else {
      join(call);
    }
  }

  // ------------------------------------------------------------------ who waits

  /** Whether there are calls that no worker has anything of. */
  boolean isAnyWaiting() {
    return waiting > 0;
  }

  /** Whether such a call has waited for so long that others have to give way. */
  boolean isAnyStarving(long now) {
    return waiting > 0 && now - lastChunkAt >= STARVING_NANOS;
  }

  /** A call of the highest priority, once it has waited so long that lower ones give way. */
  @Nullable CallQueue heldUp(long now) {
    CallQueue highest = null;
    if (now - lastChunkAt >= STARVING_NANOS) {
      for (CallQueue call : ring.all()) {
        if (call.ready() > 0 && (highest == null || call.priority() > highest.priority())) {
          highest = call;
        }
      }
    }
    return highest;
  }

  /** How many workers could be busy: so many are, and one for each item that waits. */
  int demand(int busy, int most) {
    long demand = busy;
    for (CallQueue call : ring.all()) {
      if (demand >= most) {
        return most;
      }
      demand += call.ready();
    }
    return (int) Math.min(most, demand);
  }
}
