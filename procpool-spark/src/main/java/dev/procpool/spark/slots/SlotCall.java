package dev.procpool.spark.slots;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * A call's items that wait for slots, and what is known of how long they take. Guarded by the
 * scheduler's owner.
 *
 * @param <P> what the owner knows of an item
 */
public class SlotCall<P> {

  private static final long MOST_WAITING_BYTES = 64L << 20;
  private static final int LEAST_READ_AHEAD = 64;

  private final int priority;
  private final ChunkSizes sizes;
  private final Deque<SlotItem<P>> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean isPulled;
  private boolean takesTurns;

  /**
   * Makes one without items.
   *
   * @param priority higher goes first
   * @param chunkSize how many items go to a slot at a time at most; 0 to choose automatically
   */
  public SlotCall(int priority, int chunkSize) {
    this.priority = priority;
    this.sizes = new ChunkSizes(chunkSize);
  }

  /**
   * Tells how many more items may be given out that have had no outcome yet. By default there is no
   * limit. One that has said 0 says {@link SlotScheduler#roomFor} once that changes.
   */
  protected int room() {
    return Integer.MAX_VALUE;
  }

  int priority() {
    return priority;
  }

  ChunkSizes sizes() {
    return sizes;
  }

  int waiting() {
    return waiting.size();
  }

  long waitingBytes() {
    return waitingBytes;
  }

  /**
   * Tells whether so many items wait that no slot will be idle for want of a puller, or so much
   * memory is used for them that no more is to be.
   *
   * @param target how many slots there may be
   */
  public boolean isFull(int target) {
    return waiting.size() >= Math.max(LEAST_READ_AHEAD, (long) target * sizes.readAhead())
        || waitingBytes > MOST_WAITING_BYTES;
  }

  /** No more items come, but those that are tried again. */
  public void pulled() {
    isPulled = true;
  }

  public boolean isPulled() {
    return isPulled;
  }

  /** An item took so long, and its result so many bytes. */
  public void measured(long nanos, long resultBytes) {
    sizes.measured(nanos, resultBytes);
  }

  boolean takesTurns() {
    return takesTurns;
  }

  void takesTurns(boolean does) {
    takesTurns = does;
  }

  /** Has an item wait: first if it is tried again, as it needs no room and is late already. */
  void add(SlotItem<P> item) {
    if (item.wasStarted()) {
      waiting.addFirst(item);
    } else {
      waiting.addLast(item);
    }
    waitingBytes += item.bytes();
  }

  void putBack(SlotItem<P> item) {
    waiting.addFirst(item);
    waitingBytes += item.bytes();
  }

  /** Tells whether the next item may be given out with so much room. */
  boolean hasRoom(int room) {
    SlotItem<P> next = waiting.peekFirst();
    return next != null && (room > 0 || next.wasStarted());
  }

  /** Gives a slot the next items. */
  List<SlotItem<P>> give(Slot<P> slot, int most, int room, long now) {
    List<SlotItem<P>> given = new ArrayList<>(most);
    long bytes = 0;
    int left = room;
    while (given.size() < most && hasRoom(left)) {
      SlotItem<P> next = waiting.getFirst();
      if (!given.isEmpty() && bytes + next.bytes() > sizes.mostBytes()) {
        break;
      }
      waiting.removeFirst();
      bytes += next.bytes();
      left -= next.wasStarted() ? 0 : 1;
      slot.give(next, now);
      given.add(next);
    }
    waitingBytes -= bytes;
    return given;
  }

  /** Takes out all that wait. */
  Collection<SlotItem<P>> clear() {
    List<SlotItem<P>> all = List.copyOf(waiting);
    waiting.clear();
    waitingBytes = 0;
    return all;
  }
}
