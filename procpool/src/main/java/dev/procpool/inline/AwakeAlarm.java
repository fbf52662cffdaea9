package dev.procpool.inline;

import dev.procpool.time.AwakeClock;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does something after a delay, in which time counts only while this process is not stopped. Safe
 * for all threads; guarded by itself.
 */
final class AwakeAlarm implements Runnable {

  private final ScheduledExecutorService threads;
  private final Runnable action;
  private final AwakeClock clock = new AwakeClock();
  private final long deadline;
  private @Nullable Future<?> next;
  private boolean isCancelled;

  /** Sets one. */
  AwakeAlarm(ScheduledExecutorService threads, long delayNanos, Runnable action) {
    this.threads = threads;
    this.action = action;
    this.deadline = clock.now() + delayNanos;
    waits();
  }

  @Override
  public void run() {
    if (!waits()) {
      action.run();
    }
  }

  /** Waits on: false if it is time. */
  private synchronized boolean waits() {
    long slice = clock.slice(deadline);
    boolean waits = isCancelled || slice > 0 || next == null;
    if (waits && !isCancelled) {
      next = threads.schedule(this, slice, TimeUnit.NANOSECONDS);
    }
    return waits;
  }

  synchronized void cancel() {
    isCancelled = true;
    if (next != null) {
      next.cancel(false);
    }
  }
}
