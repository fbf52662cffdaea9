package dev.procpool.guard;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Waits that outlast a heap that is full for a while: the JDK's own begin with a new object, and
 * throw where there is no memory for it. These look again a little later. Without state.
 */
public final class Waits {

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  static {
    try {
      throw new OutOfMemoryError("rehearsed, as the JVM takes memory to link what handles it");
    } catch (OutOfMemoryError e) {
      pause(0);
    }
  }

  private Waits() {}

  /**
   * Waits for a latch.
   *
   * @param latch the latch
   * @param nanos how long at most; shorter if there is no memory
   * @return whether it is open
   * @throws InterruptedException if this thread is interrupted
   */
  public static boolean await(CountDownLatch latch, long nanos) throws InterruptedException {
    try {
      return latch.await(nanos, TimeUnit.NANOSECONDS);
    } catch (OutOfMemoryError e) {
      pause(nanos);
      return latch.getCount() == 0;
    }
  }

  /**
   * Waits for a signal, or for none, as conditions may.
   *
   * @param condition the condition
   * @param lock its lock, which this thread has once
   * @param nanos how long at most; shorter if there is no memory
   * @throws InterruptedException if this thread is interrupted
   */
  @SuppressWarnings("WaitNotInLoop") // it is in the caller's
  public static void await(Condition condition, ReentrantLock lock, long nanos)
      throws InterruptedException {
    try {
      condition.awaitNanos(nanos);
    } catch (OutOfMemoryError e) {
      if (lock.isHeldByCurrentThread()) {
        lock.unlock();
      }
      pause(nanos);
      lock(lock);
    }
  }

  /**
   * Takes a lock: to wait for one that others have takes memory.
   *
   * @param lock the lock
   */
  public static void lock(ReentrantLock lock) {
    while (true) {
      try {
        lock.lock();
        return;
      } catch (OutOfMemoryError e) {
        pause(PAUSE_NANOS);
      }
    }
  }

  /**
   * Does something, again and again while there is no memory for it.
   *
   * @param action what to do; must be repeatable
   */
  public static void untilDone(Runnable action) {
    while (true) {
      try {
        action.run();
        return;
      } catch (OutOfMemoryError | LinkageError e) { // which a lack of memory may cause, too
        pause(PAUSE_NANOS);
      }
    }
  }

  private static void pause(long most) {
    boolean interrupted = Thread.interrupted(); // else it would not pause
    LockSupport.parkNanos(Math.min(most, PAUSE_NANOS));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
