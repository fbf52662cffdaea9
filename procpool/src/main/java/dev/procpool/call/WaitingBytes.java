package dev.procpool.call;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a stream's large results take in memory until they are consumed, and how many more items may
 * start meanwhile.
 *
 * <p>Not thread-safe: guarded by its call's lock. An item that has started and not reported yet is
 * expected to take as much as others took. Whoever found no room leaves a signal, which is given
 * when half is free again, so that a slow consumer does not cost a signal for each result.
 */
final class WaitingBytes {

  /** The default: what may wait for one consumer, by its encoded size. */
  static final long LIMIT =
      Math.min(64L * 1024 * 1024, Math.max(1024 * 1024, Runtime.getRuntime().maxMemory() / 8));

  /** What takes no more is not counted: the look-ahead suffices to bound it. */
  static final int SMALL = 4096;

  /** How slowly the expectation follows what comes. */
  private static final int WEIGHT = 8;

  private final long limit;

  /** By item; results that are small are not in here. */
  private final Map<Long, Long> sizes = new HashMap<>();

  private long bytes;

  /** What a result is expected to take; 0 while none was large. */
  private long expected;

  private long started;
  private @Nullable Runnable signal;

  WaitingBytes(long limit) {
    this.limit = limit;
  }

  /** Tells whether a large result waits, so that each one is to be noted when consumed. */
  boolean areLarge() {
    return !sizes.isEmpty();
  }

  /** Notes a result that waits now. */
  void add(long index, long size) {
    Long before = sizes.put(index, size);
    bytes += size - (before == null ? 0 : before);
    expected = expected == 0 ? size : Math.max(1, expected + (size - expected) / WEIGHT);
  }

  /**
   * Tells how many more items may start; at least one if none is out and nothing waits.
   *
   * @param startedItems how many were started
   * @param reported how many of those have their outcome
   * @param more is given back by {@link #consumed} when there is room, if there is none now
   */
  int room(long startedItems, long reported, Runnable more) {
    if (expected == 0) {
      return Integer.MAX_VALUE;
    }
    started = startedItems;
    long out = Math.max(0, startedItems - reported);
    long room = (limit - bytes) / expected - out;
    if (room > 0) {
      return (int) Math.min(room, Integer.MAX_VALUE);
    }
    if (bytes == 0 && out == 0) {
      return 1; // however large it is
    }
    signal = more;
    return 0;
  }

  /**
   * Notes that a result was consumed, or several that are all small.
   *
   * @param index of the one, or of one of them
   * @return what to run, without the lock; null for nothing
   */
  @Nullable Runnable consumed(long index, long reported) {
    if (expected == 0) {
      return null;
    }
    Long size = sizes.remove(index);
    bytes -= size == null ? 0 : size;
    if (signal == null) {
      return null;
    }
    long out = Math.max(0, started - reported);
    boolean isHalfFree = bytes + out * expected <= limit / 2;
    if (!isHalfFree && (bytes > 0 || out > 0)) {
      return null;
    }
    Runnable given = signal;
    signal = null;
    return given;
  }
}
