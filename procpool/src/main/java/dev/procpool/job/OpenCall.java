package dev.procpool.job;

import java.util.concurrent.CancellationException;

/** A call that is under way, as somebody names it who has not made it: by its number. */
final class OpenCall {

  private OpenCall() {}

  /** Cancels it: false if there is none of that number. Thread-safe. */
  static boolean cancel(PoolLife life, long number) {
    for (Job<?, ?> job : life.calls()) {
      if (job.number() == number) {
        return cancel(life, job);
      }
    }
    return false;
  }

  private static boolean cancel(PoolLife life, Job<?, ?> job) {
    if (job instanceof TableJob<?, ?> table) {
      return table.cancel(true);
    }
    boolean wasUnderWay = !job.isEnded();
    if (wasUnderWay) {
      // Not closed as by its consumer, who would take what is missing for the end.
      job.abort(new CancellationException(job + " was cancelled"));
      life.backend().cancel(job, true);
    }
    return wasUnderWay;
  }
}
