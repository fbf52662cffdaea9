package dev.procpool.local.call;

import dev.procpool.scheduler.ItemQueue;
import dev.procpool.scheduler.Slice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call's encoded items between the thread that pulls them from the source and the engine.
 *
 * <p>One thread adds and one takes, without a lock. Bounded in items and bytes: {@link #add} waits
 * for the engine to take some. The engine never waits here; when it finds nothing it is told of the
 * next item. Who is about to wait says so and then looks once more; the other changes the queue and
 * then looks whether somebody waits. All of these are volatile.
 */
public final class CallInput implements ItemQueue {

  private static final int MAX_ITEMS = 16 * 1024;
  private static final long MAX_BYTES = 4L * 1024 * 1024;
  private static final int SMALL_BLOCK = 256;

  private final Runnable signal;

  // ---- written by the feeder alone, so that its increments are safe

  private long fed;
  private long addedBytes;
  private volatile long addedItems; // after the bytes; read before them
  private Block tail;
  private int capacity = SMALL_BLOCK;
  private volatile boolean feederWaits;

  // ---- written by the engine alone

  private long drawn;
  private long takenBytes;
  private volatile long takenItems; // after the bytes; read before them
  private Block head;

  /** How many items of the head were taken. */
  private int takenOfHead;

  private volatile boolean hungry;

  // ---- written by anybody

  private volatile boolean ended;
  private volatile boolean closed;

  /**
   * Makes an empty queue.
   *
   * @param signal tells the engine that there are items, or that the source has ended
   */
  public CallInput(Runnable signal) {
    this(signal, SMALL_BLOCK);
  }

  private CallInput(Runnable signal, int firstBlock) {
    this.signal = signal;
    this.tail = new Block(0, 1, firstBlock, firstBlock);
    this.head = tail;
  }

  /** Makes an empty queue for a call of one item, whose array is kept, not copied. */
  public static CallInput ofOne(Runnable signal) {
    return new CallInput(signal, 0);
  }

  /**
   * Adds an item, waiting for room.
   *
   * @param index the item's index
   * @param attempt how often it will have been started once it runs
   * @param item has the item after four bytes for its length
   * @param end where the item ends
   * @param bodies the item's bodies, kept by reference
   * @param isAlone whether the item is to travel alone; then its array is kept
   * @param clock tells when the item was taken
   * @return whether the item was added; false if the queue is closed
   */
  boolean add(
      long index,
      int attempt,
      byte[] item,
      int end,
      List<byte[]> bodies,
      boolean isAlone,
      FeedTimes.Clock clock)
      throws InterruptedException {
    long size = end + Block.size(bodies);
    if (!hasRoom(size)) {
      awaitRoom(size);
    }
    if (closed) {
      return false;
    }
    long now = clock.now(hungry);
    int length = end - Integer.BYTES;
    if (isAlone) {
      append(Block.of(index, attempt, item, end, bodies, now));
    } else if (!tail.add(index, attempt, item, Integer.BYTES, length, now)) {
      Block full = tail;
      if (!full.continues(index, attempt)) {
        capacity = SMALL_BLOCK; // items with places of their own come in small groups
      } else if (full.count() == Block.MAX_ITEMS) { // the next ones are likely to be as large
        capacity = full.length(0, Block.MAX_ITEMS) * 9 / 8;
      } else if (full.count() > 0) {
        capacity = Math.min(capacity * 4, Block.MAX_BYTES);
      }
      Block made = new Block(index, attempt, Math.max(end, capacity), itemsOf(capacity));
      made.add(index, attempt, item, Integer.BYTES, length, now);
      append(made);
    }
    addedBytes += size;
    addedItems = ++fed; // volatile, as is hungry: one of the two sides sees the other
    if (hungry) {
      hungry = false;
      signal.run();
    }
    return true;
  }

  private static int itemsOf(int capacity) {
    return Math.min(Block.MAX_ITEMS, capacity);
  }

  /** Tells whether an item is too large to travel with others. */
  static boolean isLarge(int end, List<byte[]> bodies) {
    return end > Block.MAX_BYTES || !bodies.isEmpty();
  }

  private void append(Block block) {
    tail.next = block;
    tail = block;
  }

  private boolean hasRoom(long size) {
    long items = addedItems - takenItems;
    return items == 0
        || (items < MAX_ITEMS && addedBytes - takenBytes + size <= MAX_BYTES)
        || closed;
  }

  private synchronized void awaitRoom(long size) throws InterruptedException {
    try {
      feederWaits = true;
      while (!hasRoom(size)) {
        wait();
      }
    } finally {
      feederWaits = false;
    }
  }

  /** Says that no more items come. */
  void end() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    signal.run();
  }

  /** Tells whether further items are refused; what is there is wanted back, not to be run. */
  boolean isClosed() {
    return closed;
  }

  /** Refuses further items and ends the input; what is there can still be taken. */
  void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    end();
  }

  @Override
  public @Nullable Slice take(int max) {
    Slice slice = takeNow(max);
    if (slice == null) {
      hungry = true;
      slice = takeNow(max);
      if (slice != null) {
        hungry = false;
      }
    }
    return slice;
  }

  private @Nullable Slice takeNow(int max) {
    while (true) {
      Block next = head.next; // before the count, which is final once there is one
      int there = head.count() - takenOfHead;
      if (there > 0) {
        return take(head, Math.min(max, there));
      } else if (next == null) {
        return null;
      }
      head = next;
      takenOfHead = 0;
    }
  }

  private Slice take(Block block, int count) {
    Slice slice =
        new Slice(block.firstIndex + takenOfHead, count, block.attempt, block, takenOfHead);
    takenBytes += block.size(takenOfHead, count);
    takenOfHead += count;
    drawn += count;
    takenItems = drawn; // volatile, as is feederWaits: one of the two sides sees the other
    if (feederWaits && isHalfEmpty()) {
      synchronized (this) {
        notifyAll();
      }
    }
    return slice;
  }

  /** Whether the feeder has enough to do to be worth waking. */
  private boolean isHalfEmpty() {
    long items = addedItems - takenItems;
    return items == 0 || (items <= MAX_ITEMS / 2 && addedBytes - takenBytes <= MAX_BYTES / 2);
  }

  @Override
  public int ready() {
    return (int) (addedItems - takenItems);
  }

  @Override
  public boolean isEnded() {
    return ended;
  }
}
