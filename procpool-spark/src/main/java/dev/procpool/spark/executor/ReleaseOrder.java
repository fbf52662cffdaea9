package dev.procpool.spark.executor;

import dev.procpool.guard.SafeLog;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;

/**
 * Has items begin after the releases of workers that the driver ordered before them: each release
 * is a message of its own and has a number, and the items' message says up to which. One that
 * overtook the other would go to the worker that is to end, and be lost with it. Thread-safe.
 */
final class ReleaseOrder {

  /** A message is lost only with the executor; this is for a machine that hardly runs. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** The releases that have begun, by number from 1. Guarded by the monitor. */
  private final BitSet begun = new BitSet();

  /** A release has begun: nobody finds its worker any more. */
  synchronized void begun(int number) {
    begun.set(number);
    notifyAll();
  }

  /** Waits until all releases up to a number have begun. */
  synchronized void await(int upTo) throws InterruptedException {
    long begin = System.nanoTime();
    while (begun.nextClearBit(1) <= upTo) {
      long left = MOST_NANOS - (System.nanoTime() - begin);
      if (left <= 0) {
        SafeLog.log(System.Logger.Level.WARNING, "a release has not come: " + upTo, null);
        return;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
