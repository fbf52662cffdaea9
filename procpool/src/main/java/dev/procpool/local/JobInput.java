package dev.procpool.local;

import dev.procpool.scheduler.ItemQueue;
import dev.procpool.scheduler.Slice;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One call's encoded items between the thread that pulls them from the source and the engine.
 *
 * <p>Thread-safe, guarded by itself. Bounded in items and bytes: {@link #add} waits for the engine
 * to take some. The engine never waits here; when it finds nothing it is told of the next item.
 */
final class JobInput implements ItemQueue {

  private static final int MAX_ITEMS = 16 * 1024;
  private static final long MAX_BYTES = 4L * 1024 * 1024;
  private static final int SMALL_BLOCK = 256;

  private final Runnable signal;

  /** The last one may be added to, unless it was taken from. */
  private final ArrayDeque<Block> blocks = new ArrayDeque<>();

  /** How many items of the first block were taken. */
  private int taken;

  private int items;
  private long bytes;
  private boolean tailClosed;
  private boolean hungry;
  private boolean ended;
  private boolean closed;
  private int nextCapacity = SMALL_BLOCK;

  /**
   * Makes an empty queue.
   *
   * @param signal tells the engine that there are items, or that the source has ended
   */
  JobInput(Runnable signal) {
    this.signal = signal;
  }

  /**
   * Adds an item, waiting for room.
   *
   * @return false if the queue was closed; the item was not added
   */
  boolean add(long index, byte[] item, int length) throws InterruptedException {
    boolean wake;
    synchronized (this) {
      while (!closed && items > 0 && (items >= MAX_ITEMS || bytes + length > MAX_BYTES)) {
        wait();
      }
      if (closed) {
        return false;
      }
      int size = length + Integer.BYTES;
      Block tail = blocks.peekLast();
      if (tail == null || tailClosed || !tail.accepts(index, size)) {
        nextCapacity = tail == null ? SMALL_BLOCK : Math.min(nextCapacity * 4, Block.MAX_BYTES);
        tail = new Block(index, Math.max(size, nextCapacity));
        blocks.add(tail);
        tailClosed = false;
      }
      tail.add(item, length);
      items++;
      bytes += size;
      wake = hungry;
      hungry = false;
    }
    if (wake) {
      signal.run();
    }
    return true;
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

  /** Refuses further items and ends the input; what is there can still be taken. */
  void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    end();
  }

  @Override
  public synchronized @Nullable Slice take(int max) {
    Block head = blocks.peek();
    if (head == null) {
      hungry = true;
      return null;
    }
    int count = Math.min(max, head.count() - taken);
    Slice slice = new Slice(head.firstIndex + taken, count, 1, head, taken);
    items -= count;
    bytes -= head.length(taken, count);
    taken += count;
    if (blocks.size() == 1) {
      tailClosed = true; // what the engine reads must not move
    }
    if (taken == head.count()) {
      blocks.remove();
      taken = 0;
    }
    notifyAll();
    return slice;
  }

  @Override
  public synchronized int ready() {
    return items;
  }

  @Override
  public synchronized boolean isEnded() {
    return ended;
  }
}
