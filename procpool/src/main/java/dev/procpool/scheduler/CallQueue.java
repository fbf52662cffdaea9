package dev.procpool.scheduler;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** One call's items that no worker has: to be tried again, given back, or not sent yet. */
final class CallQueue {

  private record Retry(Slice item, long notBefore) implements Comparable<Retry> {
    @Override
    public int compareTo(Retry other) {
      return Long.compare(notBefore, other.notBefore);
    }
  }

  private final long id;
  private final int priority;
  private final ItemQueue input;
  private final ArrayDeque<Slice> returned = new ArrayDeque<>(2);
  private final PriorityQueue<Retry> retries = new PriorityQueue<>(2);
  private int returnedItems;

  /** Items taken from the input and not settled yet. */
  private long open;

  private boolean cancelled;
  private boolean ended;

  final ChunkSize size;

  /** Items with workers; {@link Calls} counts them. */
  long outstanding;

  /**
   * How many chunks workers were asked for, and have not answered; {@link WorkerSlot} counts up.
   */
  int recalls;

  /** Whether this is in the ring of {@link Calls}, which sets it. */
  boolean inRing;

  CallQueue(long id, int fixedChunkSize, int priority, ItemQueue input) {
    this.id = id;
    this.priority = priority;
    this.size = new ChunkSize(fixedChunkSize);
    this.input = input;
  }

  long id() {
    return id;
  }

  int priority() {
    return priority;
  }

  /** Takes a chunk's worth of items. */
  @Nullable Slice take(int workers, long now) {
    Retry retry = retries.peek();
    if (retry != null && retry.notBefore() - now <= 0) {
      return retries.remove().item();
    }
    Slice back = returned.poll();
    if (back != null) {
      int most = size.of(returnedItems, workers);
      if (back.count() > most) {
        returned.addFirst(back.part(most, back.count()));
        back = back.part(0, most);
      }
      returnedItems -= back.count();
      return back;
    }
    return takeInput(size.wholeChunks(size.of(input.ready(), 2 * workers)));
  }

  private @Nullable Slice takeInput(int most) {
    Slice taken = input.take(most);
    if (taken != null) {
      open += taken.count();
    }
    return taken;
  }

  /** Takes anything that waits, whatever the time. */
  @Nullable Slice takeAny() {
    Retry retry = retries.poll();
    if (retry != null) {
      return retry.item();
    }
    Slice back = returned.poll();
    if (back != null) {
      returnedItems -= back.count();
      return back;
    }
    return takeInput(Integer.MAX_VALUE);
  }

  /**
   * Whether there is enough to be sent to a worker that is still busy. The source may be just about
   * to deliver more, and many small chunks cost more than one.
   */
  boolean isWorthSendingAhead(long now) {
    Retry retry = retries.peek();
    return input.ready() >= size.least()
        || input.isEnded()
        || returnedItems > 0
        || (retry != null && retry.notBefore() - now <= 0)
        || isOver();
  }

  /** Whether {@link #take} may find something later without being told that input is ready. */
  boolean mayHaveMore() {
    return returnedItems > 0 || !retries.isEmpty() || input.ready() > 0 || !input.isEnded();
  }

  /** How many items wait here now. */
  int ready() {
    return input.ready() + returnedItems + retries.size();
  }

  /** Puts items back that were taken and never started; they go first, in their order. */
  void giveBack(Slice items) {
    returned.addFirst(items);
    returnedItems += items.count();
  }

  void retry(Slice item, long notBefore) {
    retries.add(new Retry(item, notBefore));
  }

  /** Items will not be tried again. */
  void settled(int count) {
    open -= count;
  }

  boolean isFinished() {
    return open == 0 && input.isEnded() && input.ready() == 0;
  }

  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  void end() {
    ended = true;
  }

  /** Whether nothing more of this is to be sent. */
  boolean isOver() {
    return cancelled || ended;
  }
}
