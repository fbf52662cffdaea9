package dev.procpool.micrometer;

import dev.procpool.Pool;
import dev.procpool.PoolState;
import dev.procpool.PoolStats;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * A pool that is asked for its statistics when a registry is read: once a second for all gauges.
 * Thread-safe, guarded by itself. Does not keep the pool reachable.
 */
final class WatchedPool {

  private static final long FRESH_NANOS = 1_000_000_000;

  private final WeakReference<Pool> pool;
  private final String name;
  private PoolStats known;
  private long knownAt = System.nanoTime();

  WatchedPool(Pool pool) {
    this.pool = new WeakReference<>(pool);
    this.known = pool.stats();
    this.name = known.pool();
  }

  String name() {
    return name;
  }

  /** As they were a second ago at most; the last ones once the pool is not there any more. */
  synchronized PoolStats stats() {
    @Nullable Pool there = pool.get();
    long now = System.nanoTime();
    if (there != null && now - knownAt > FRESH_NANOS) {
      known = there.stats();
      knownAt = now;
    }
    return known;
  }

  /** Whether it was told to end, or can't go on: observers hear of the end a little before it. */
  boolean isEnding() {
    @Nullable Pool there = pool.get();
    return there == null || there.stats().state() != PoolState.RUNNING;
  }
}
