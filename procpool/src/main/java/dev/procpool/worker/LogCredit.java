package dev.procpool.worker;

import dev.procpool.protocol.LogMessage;
import java.util.concurrent.Semaphore;

/**
 * How many more log records may be sent, and how many bytes of them, before the pool has dealt with
 * earlier ones. A thread of the task's waits for credit; one of the pool's own, on which the answer
 * may depend, never does. Thread-safe.
 */
final class LogCredit {

  private final Semaphore records = new Semaphore(LogMessage.WINDOW);
  private final Semaphore bytes = new Semaphore(LogMessage.WINDOW_BYTES);

  /**
   * Takes what a record needs.
   *
   * @param size its bytes
   * @return false if there is not enough and this thread must not wait, or was interrupted: the
   *     record is dropped, an interrupt stands
   */
  boolean take(int size) {
    boolean waits = !isOfThePool();
    if (!take(records, 1, waits)) {
      return false;
    } else if (!take(bytes, size, waits)) {
      records.release();
      return false;
    }
    return true;
  }

  private static boolean take(Semaphore left, int many, boolean waits) {
    if (left.tryAcquire(many)) {
      return true;
    } else if (!waits) {
      return false;
    }
    try {
      left.acquire(many);
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

  /** The pool has dealt with so many, of so many bytes. */
  void give(int many, int size) {
    records.release(many);
    bytes.release(size);
  }
}
