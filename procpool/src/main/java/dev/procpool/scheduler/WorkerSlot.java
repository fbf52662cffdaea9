package dev.procpool.scheduler;

import java.util.ArrayDeque;

/** What one worker has been given. */
final class WorkerSlot {

  /** Work for so long is given ahead: enough to hide the channel's latency. */
  static final long LOOK_AHEAD_NANOS = 1_000_000;

  private static final int MAX_HELD_ITEMS = 4096;

  final long id;

  /** In the order sent, which is the order in which they run. */
  final ArrayDeque<Chunk> held = new ArrayDeque<>();

  int heldItems;
  boolean draining;

  /** Whether this is among the scheduler's idle workers. */
  boolean listedIdle;

  /** How many recalls the worker has not answered. */
  int recalls;

  /** When it last finished something or was given its first chunk. */
  long lastProgress;

  /** What the held items should take, as it was expected when they were sent. */
  private long expectedNanos;

  WorkerSlot(long id) {
    this.id = id;
  }

  void add(Chunk chunk, long now) {
    if (held.isEmpty()) {
      lastProgress = now;
    }
    held.add(chunk);
    heldItems += chunk.remaining();
    expectedNanos += chunk.remaining() * chunk.expectedNanos;
  }

  void itemsGone(Chunk chunk, int count) {
    heldItems -= count;
    expectedNanos -= count * chunk.expectedNanos;
  }

  String describeNext() {
    Chunk chunk = held.peek();
    return chunk == null
        ? "none"
        : "item " + chunk.done + " of chunk " + chunk.id() + " up to " + chunk.limit;
  }

  boolean isIdle() {
    return held.isEmpty();
  }

  boolean takesMore() {
    return !draining
        && recalls == 0
        && (held.isEmpty() || (expectedNanos < LOOK_AHEAD_NANOS && heldItems < MAX_HELD_ITEMS));
  }

  /** Items that it may not have started: all but the one that runs. */
  int spare() {
    return heldItems - 1;
  }

  /**
   * What is left should take, as items go now; they may have become slower since they were sent.
   */
  long expectedNanos() {
    long sum = 0;
    for (Chunk chunk : held) {
      sum += chunk.remaining() * chunk.queue().duration.nanosOr(LOOK_AHEAD_NANOS);
    }
    return sum;
  }
}
