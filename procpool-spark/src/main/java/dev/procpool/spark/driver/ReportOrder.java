package dev.procpool.spark.driver;

import dev.procpool.guard.SafeLog;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * Has the reports of one executor taken one after another, each once: one whose answer was lost is
 * sent again. Thread-safe.
 */
final class ReportOrder {

  private final Executor threads;

  // ---- guarded by the monitor

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private long last;
  private boolean isRunning;

  ReportOrder(Executor threads) {
    this.threads = threads;
  }

  /**
   * Takes a report.
   *
   * @param number its number, of those that were sent
   * @param report is run after all before it, on a thread of ours
   * @return false if it was taken before
   */
  synchronized boolean take(long number, Runnable report) {
    if (number <= last) {
      return false;
    }
    last = number;
    waiting.add(report);
    if (!isRunning) {
      isRunning = true;
      threads.execute(this::run);
    }
    return true;
  }

  /** Does something after the reports that were taken so far. */
  synchronized void after(Runnable what) {
    waiting.add(what);
    if (!isRunning) {
      isRunning = true;
      threads.execute(this::run);
    }
  }

  private void run() {
    while (true) {
      Runnable next;
      synchronized (this) {
        next = waiting.poll();
        if (next == null) {
          isRunning = false;
          return;
        }
      }
      try {
        next.run();
      } catch (Throwable e) { // the others are to be taken
        SafeLog.log(System.Logger.Level.ERROR, "a report could not be taken", e);
      }
    }
  }
}
