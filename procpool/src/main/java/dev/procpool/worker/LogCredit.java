package dev.procpool.worker;

import dev.procpool.protocol.LogMessage;
import java.util.concurrent.Semaphore;

/**
 * How many more log records may be sent before the pool has dealt with earlier ones. A thread of
 * the task's waits for credit; one of the worker's own, on which the answer may depend, never does.
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
    String name = Thread.currentThread().getName();
    if (name.startsWith("procpool-")) {
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

  /** The pool has dealt with so many. */
  void give(int records) {
    left.release(records);
  }
}
