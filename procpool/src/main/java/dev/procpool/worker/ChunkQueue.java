package dev.procpool.worker;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that wait in this worker, in the order they came.
 *
 * <p>Thread-safe, guarded by itself: the inbox adds and recalls, the task thread claims one item at
 * a time. So an item is either claimed or given back, never both.
 */
final class ChunkQueue {

  private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
  private boolean stopped;

  /** How many items may still be claimed. */
  private long quota;

  /**
   * Makes an empty queue.
   *
   * @param maxItems how many items may be claimed in all; 0 for no limit
   */
  ChunkQueue(int maxItems) {
    this.quota = maxItems == 0 ? Long.MAX_VALUE : maxItems;
  }

  synchronized void add(Chunk chunk) {
    chunks.add(chunk);
    notifyAll();
  }

  /** Lets {@link #claim} return null once everything is done. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  /**
   * Waits for an item and takes it: the one at {@code claimed - 1} of the chunk returned.
   *
   * @return its chunk; null at the end
   */
  synchronized @Nullable Chunk claim() {
    while (true) {
      Chunk head = chunks.peek();
      if (head == null || quota == 0) {
        if (stopped) {
          return null;
        }
        try {
          wait();
        } catch (InterruptedException e) {
          // nobody has a reason to interrupt this thread between items
        }
      } else if (head.claimed < head.limit) {
        head.claimed++;
        quota--;
        return head;
      } else {
        chunks.remove();
      }
    }
  }

  /**
   * Takes back what of a chunk was not claimed.
   *
   * @return the first item taken back; the chunk's length if none was
   */
  synchronized int recall(long chunk) {
    for (Chunk held : chunks) {
      if (held.header.chunk() == chunk) {
        int from = held.claimed;
        held.limit = Math.min(held.limit, from);
        return from;
      }
    }
    return Integer.MAX_VALUE;
  }
}
