package dev.procpool.scheduler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one worker has been given. */
final class WorkerSlot {

  /** Work for so long is given ahead: enough to hide the channel's latency. */
  static final long LOOK_AHEAD_NANOS = 1_000_000;

  private static final int MAX_HELD_ITEMS = 4096;

  final long id;

  /** In the order sent, which is the order in which they run. */
  private final ArrayDeque<SentChunk> held = new ArrayDeque<>();

  private int heldItems;
  private boolean retiring;

  /** The chunks that the worker was asked for and has not answered, with their calls. */
  private final Map<Long, CallQueue> asked = new HashMap<>(2);

  /** When it last finished something or was given its first chunk. */
  private long lastProgress;

  /** What the held items should take, as it was expected when they were sent. */
  private long expectedNanos;

  /** Whether this is among the idle ones of {@link Workers}, which sets it. */
  boolean listedIdle;

  WorkerSlot(long id) {
    this.id = id;
  }

  // ------------------------------------------------------------------ chunks

  void add(SentChunk chunk, long now) {
    if (held.isEmpty()) {
      lastProgress = now;
    }
    held.add(chunk);
    heldItems += chunk.remaining();
    expectedNanos += chunk.expectedNanos(chunk.remaining());
  }

  /** The next items of a chunk have finished. */
  void finished(SentChunk chunk, int count) {
    chunk.finished(count);
    itemsGone(chunk, count);
  }

  /** Takes a chunk's items from one on away, of which there is at least one. */
  Slice takeBack(SentChunk chunk, int from) {
    Slice items = chunk.cut(from);
    itemsGone(chunk, items.count());
    return items;
  }

  private void itemsGone(SentChunk chunk, int count) {
    heldItems -= count;
    expectedNanos -= chunk.expectedNanos(count);
    if (chunk.remaining() == 0) {
      held.remove(chunk);
    }
  }

  @Nullable SentChunk find(long chunkId) {
    for (SentChunk chunk : held) {
      if (chunk.id() == chunkId) {
        return chunk;
      }
    }
    return null;
  }

  /** The chunk that the worker reports from: its first, but for those that it is giving back. */
  @Nullable SentChunk reporting(long chunkId) {
    for (SentChunk chunk : held) {
      if (chunk.id() == chunkId) {
        return chunk;
      } else if (!chunk.isRecalled()) {
        return null;
      }
    }
    return null;
  }

  @Nullable SentChunk next() {
    return held.peek();
  }

  String describeNext() {
    SentChunk chunk = held.peek();
    return chunk == null
        ? "none"
        : "item " + chunk.begin() + " of chunk " + chunk.id() + " up to " + chunk.end();
  }

  /** What is held now, in the order sent. */
  List<SentChunk> chunks() {
    return List.copyOf(held);
  }

  /** What is held now, the last sent first: so given back, it waits in its order. */
  List<SentChunk> lastFirst() {
    List<SentChunk> chunks = new ArrayList<>(held);
    Collections.reverse(chunks);
    return chunks;
  }

  // ------------------------------------------------------------------ state

  boolean isIdle() {
    return held.isEmpty();
  }

  void retire() {
    retiring = true;
  }

  boolean isRetiring() {
    return retiring;
  }

  /** Takes note that the worker is asked for what it has not started of a chunk: once. */
  boolean ask(SentChunk chunk) {
    if (chunk.isRecalled()) {
      return false;
    }
    chunk.recall();
    asked.put(chunk.id(), chunk.queue());
    chunk.queue().recalls++;
    return true;
  }

  boolean isAsked(long chunkId) {
    return asked.containsKey(chunkId);
  }

  /** The worker has answered: gives the chunk's call, null if it was not asked. */
  @Nullable CallQueue answered(long chunkId) {
    return asked.remove(chunkId);
  }

  /** The calls of the chunks that it was asked for, one for each. */
  Collection<CallQueue> unanswered() {
    return asked.values();
  }

  void progressed(long now) {
    lastProgress = now;
  }

  boolean takesMore() {
    return !retiring
        && asked.isEmpty()
        && (held.isEmpty() || (expectedNanos < LOOK_AHEAD_NANOS && heldItems < MAX_HELD_ITEMS));
  }

  /** Whether it holds items that it may not have started, and none of them is asked for. */
  boolean hasSpare() {
    return heldItems > 1 && asked.isEmpty();
  }

  boolean hasProgressedSince(long time) {
    return lastProgress - time > 0;
  }

  /**
   * What is left should take, as items go now; they may have become slower since they were sent.
   */
  long expectedNanos() {
    long sum = 0;
    for (SentChunk chunk : held) {
      sum += chunk.remaining() * chunk.queue().size.itemNanosOr(LOOK_AHEAD_NANOS);
    }
    return sum;
  }
}
