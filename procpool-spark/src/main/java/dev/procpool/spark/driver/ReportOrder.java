package dev.procpool.spark.driver;

import dev.procpool.local.engine.SerialExecutor;
import java.util.concurrent.Executor;

/**
 * Has the reports of one executor taken one after another, each once: one whose answer was lost is
 * sent again. Thread-safe.
 */
final class ReportOrder {

  private final SerialExecutor reports;

  /** The number of the last report; guarded by the monitor. */
  private long last;

  ReportOrder(Executor threads) {
    this.reports = new SerialExecutor(threads);
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
    reports.execute(report);
    last = number;
    return true;
  }

  /** Does something after the reports that were taken so far. */
  void after(Runnable what) {
    reports.execute(what);
  }
}
