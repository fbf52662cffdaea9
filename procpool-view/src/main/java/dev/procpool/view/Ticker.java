package dev.procpool.view;

import dev.procpool.PoolObserver;
import dev.procpool.PoolState;
import dev.procpool.PoolStats;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends the ticks of one pool, on a thread of its own, until the pool has ended or the view is
 * closed.
 *
 * <p>It asks the pool for a snapshot at each tick, but so seldom that this takes no more than a
 * fiftieth of its time: with many workers or calls a snapshot takes milliseconds. The thread owns
 * all but {@link #stop}.
 */
final class Ticker implements Runnable {

  /** The share of the time that snapshots may take. */
  private static final int SHARE = 50;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static final System.Logger LOG = System.getLogger("dev.procpool.view");

  private final PoolFold fold;
  private final PoolObserver.Registration told;
  private final Thread thread;
  private volatile boolean stopped;
  private long nextQuestion = System.nanoTime();
  private boolean hasFailed;

  Ticker(PoolFold fold, String name) {
    this.fold = fold;
    this.told = fold.pool().observe(fold);
    this.thread = new Thread(null, this, "procpool-view-" + name, 0, false);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    long last = System.nanoTime();
    boolean isOver = false;
    while (!stopped && !isOver) {
      LockSupport.parkNanos(Math.max(1_000_000, last + PoolFold.TICK_NANOS - System.nanoTime()));
      long now = System.nanoTime();
      if (now - last >= PoolFold.TICK_NANOS && !stopped) {
        isOver = tick(now, now - last);
        last = now;
      }
      Thread.interrupted(); // by somebody who did not mean this thread: else it would not park
    }
    told.close();
  }

  /** Gives whether that was the last. */
  private boolean tick(long now, long nanos) {
    try {
      PoolStats stats = ask(now);
      fold.tick(stats, nanos, now);
      return stats != null && stats.state() == PoolState.TERMINATED;
    } catch (RuntimeException | Error e) { // no memory, say: with the next one
      if (!hasFailed) {
        hasFailed = true;
        LOG.log(System.Logger.Level.WARNING, "the live page misses a tick of a pool", e);
      }
      return false;
    }
  }

  private @Nullable PoolStats ask(long now) {
    if (now < nextQuestion) {
      return null;
    }
    long begun = System.nanoTime();
    PoolStats stats = fold.pool().stats();
    long took = System.nanoTime() - begun;
    nextQuestion = now + Math.min(5 * SECOND, took * SHARE);
    return stats;
  }

  /** Ends it; returns at once. */
  void stop() {
    stopped = true;
    told.close();
    LockSupport.unpark(thread);
  }
}
