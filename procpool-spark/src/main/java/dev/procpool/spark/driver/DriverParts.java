package dev.procpool.spark.driver;

import dev.procpool.spark.slots.SlotScheduler;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a pool on a cluster is made of, for those that act on several of its parts at once.
 * Immutable; of the parts themselves each says how it is guarded.
 *
 * @param name the pool's name
 * @param lock guards the state of the pool: its calls, slots and executors
 * @param executors who has said hello
 * @param messages what slots are told
 * @param scheduler which slot runs what
 * @param calls the calls under way
 * @param outcomes what items come to
 * @param jobs Spark's jobs that hold slots
 * @param watch finds out that no slot is to be had
 * @param news what the pool's observer is told
 * @param sinks where what workers print and log goes
 * @param threads for what must not wait, or must not be waited for
 */
record DriverParts(
    String name,
    ReentrantLock lock,
    Executors executors,
    SlotMessages messages,
    SlotScheduler<DriverItem> scheduler,
    DriverCalls calls,
    DriverOutcomes outcomes,
    SlotJobs jobs,
    SlotWatch watch,
    PoolNews news,
    Sinks sinks,
    ExecutorService threads) {

  static long now() {
    return System.nanoTime();
  }

  /** Does something with the lock. */
  void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  /** The reports of an executor; null if it has not said hello, or is lost. Without the lock. */
  @Nullable ReportOrder reports(String executor) {
    lock.lock();
    try {
      Executors.Known known = executors.get(executor);
      return known == null ? null : known.reports();
    } finally {
      lock.unlock();
    }
  }
}
