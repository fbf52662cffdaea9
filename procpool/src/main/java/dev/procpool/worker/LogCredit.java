package dev.procpool.worker;

import dev.procpool.protocol.LogMessage;
import java.util.concurrent.Semaphore;

/**
 * How many more log records may be sent before the pool has dealt with earlier ones. A thread of
 * the task's waits for credit; one of the pool's own, on which the answer may depend, never does.
 * Thread-safe.
 */
final class LogCredit {

  private final Semaphore left = new Semaphore(LogMessage.WINDOW);

  /**
   * Takes one.
   *
   * @return false if there is none and this thread must not wait, or was interrupted: the record is
   *     dropped, an interrupt stands
   */
  boolean take() {
    if (left.tryAcquire()) {
      return true;
    }
    if (isOfThePool()) {
      return false;
    }
    try {
      left.acquire();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Tells whether the current thread is one of the worker's own, or the engine of a pool in it. A
   * pool's other threads may wait: they carry records of its own workers, none of which is to be
   * dropped.
   */
  static boolean isOfThePool() {
    String name = Thread.currentThread().getName();
    return name.startsWith("procpool-") && !name.contains("-io-");
  }

  /** The pool has dealt with so many. */
  void give(int records) {
    left.release(records);
  }
}
