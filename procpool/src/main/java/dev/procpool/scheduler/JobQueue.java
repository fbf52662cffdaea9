package dev.procpool.scheduler;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** One call's items that no worker has: to be tried again, given back, or not sent yet. */
final class JobQueue {

  private static final int MAX_AUTO_CHUNK = 1024;

  /**
   * What an automatically chosen chunk should take: enough to hide sending it, little to wait for.
   */
  private static final long TARGET_CHUNK_NANOS = 500_000;

  /** Chunks of less are not chosen while there is more: sending one costs about a tenth of it. */
  private static final long LEAST_CHUNK_NANOS = 20_000;

  private record Retry(Slice item, long notBefore) {}

  private final long id;
  private final int fixedChunkSize;
  private final ItemQueue input;
  private final ArrayDeque<Slice> returned = new ArrayDeque<>();
  private final PriorityQueue<Retry> retries =
      new PriorityQueue<>(Comparator.comparingLong(Retry::notBefore));
  private int returnedItems;

  /** The size that the next automatic chunk may have at most; doubles as chunks come back. */
  private int ramp = 1;

  final ItemDuration duration = new ItemDuration();

  /** Items taken and not settled yet. */
  long open;

  /** Items with workers. */
  long outstanding;

  boolean cancelled;
  boolean ended;

  /** Whether this is in the scheduler's ring of calls that may have items. */
  boolean queued;

  JobQueue(long id, int fixedChunkSize, ItemQueue input) {
    this.id = id;
    this.fixedChunkSize = fixedChunkSize;
    this.input = input;
  }

  long id() {
    return id;
  }

  /** Takes a chunk's worth of items. */
  @Nullable Slice take(int workers, long now) {
    Retry retry = retries.peek();
    if (retry != null && retry.notBefore() - now <= 0) {
      return retries.remove().item();
    }
    Slice back = returned.poll();
    if (back != null) {
      int size = Math.min(maxChunk(), Math.max(leastChunk(), share(returnedItems, workers)));
      if (back.count() > size) {
        returned.addFirst(back.part(size, back.count()));
        back = back.part(0, size);
      }
      returnedItems -= back.count();
      return back;
    }
    int most = Math.min(maxChunk(), Math.max(leastChunk(), share(input.ready(), 2 * workers)));
    Slice taken = input.take(wholeChunks(most));
    if (taken != null) {
      open += taken.count();
    }
    return taken;
  }

  /**
   * Whether there is enough to be sent to a worker that is still busy. The source may be just about
   * to deliver more, and many small chunks cost more than one.
   */
  boolean isWorthSendingAhead(long now) {
    Retry retry = retries.peek();
    return input.ready() >= leastChunk()
        || input.isEnded()
        || returnedItems > 0
        || (retry != null && retry.notBefore() - now <= 0)
        || cancelled
        || ended;
  }

  /**
   * How many items, if there are as many, make a chunk that is worth sending. Of items that take
   * next to nothing several chunks of a fixed size go as one, which a worker would hold anyway.
   */
  private int leastChunk() {
    long least = LEAST_CHUNK_NANOS / duration.nanosOr(LEAST_CHUNK_NANOS);
    return wholeChunks(Math.max(1, Math.min(least, maxChunk())));
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

  /** Takes everything, whatever the time. */
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
    Slice taken = input.take(Integer.MAX_VALUE);
    if (taken != null) {
      open += taken.count();
    }
    return taken;
  }

  boolean isFinished() {
    return open == 0 && input.isEnded() && input.ready() == 0;
  }

  void measured(int items, long nanos) {
    duration.add(items, nanos);
    ramp = Math.min(MAX_AUTO_CHUNK, ramp + items);
  }

  private int maxChunk() {
    long fitting = TARGET_CHUNK_NANOS / duration.nanosOr(TARGET_CHUNK_NANOS);
    return wholeChunks(Math.max(1, Math.min(Math.min(fitting, ramp), MAX_AUTO_CHUNK)));
  }

  /** Rounds down to a multiple of the fixed chunk size, if there is one; at least one chunk. */
  private int wholeChunks(long items) {
    int chunk = Math.max(1, fixedChunkSize);
    return (int) Math.max(1, items / chunk) * chunk;
  }

  private static int share(int items, int parts) {
    return Math.max(1, (items + parts - 1) / Math.max(1, parts));
  }
}
