package dev.procpool.job;

import dev.procpool.guard.SafeLog;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The daemon threads that run the callbacks of one pool, and nothing else.
 *
 * <p>There are as many as there are results with a callback to run at the moment, so a slow
 * callback holds up no other result. Thread-safe: {@code lock} guards the count of busy lanes.
 */
final class CallbackThreads {

  private static final long KEEP_ALIVE_SECONDS = 5;

  private final ThreadPoolExecutor threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private long busy;

  CallbackThreads(String poolName) {
    AtomicInteger number = new AtomicInteger();
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            KEEP_ALIVE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            body -> {
              String name = "procpool-" + poolName + "-callback-" + number.incrementAndGet();
              Thread thread = new CallbackThread(this, body, name);
              thread.setContextClassLoader(loader);
              return thread;
            });
  }

  /** Runs a lane until it is empty: false if no thread is to be had. */
  boolean run(Runnable lane) {
    lock.lock();
    try {
      busy++;
    } finally {
      lock.unlock();
    }
    try {
      threads.execute(
          () -> {
            try {
              lane.run();
            } finally {
              ran();
            }
          });
      return true;
    } catch (Throwable e) { // the reporting thread must not pay for it
      ran();
      SafeLog.log(System.Logger.Level.ERROR, "no thread for callbacks; they don't run now", e);
      return false;
    }
  }

  private void ran() {
    lock.lock();
    try {
      if (--busy == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no callback runs or is due; does not wait if the caller is a callback itself. */
  boolean awaitIdle(Deadline deadline) throws InterruptedException {
    if (isCallback()) {
      return true;
    }
    lock.lockInterruptibly();
    try {
      while (busy > 0) {
        long left = deadline.remaining();
        if (left <= 0) {
          return false;
        }
        idle.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Lets idle threads end at once; callbacks registered later still get a thread. */
  void retire() {
    threads.setKeepAliveTime(0, TimeUnit.SECONDS);
  }

  /** Tells whether the current thread runs a callback of this pool. */
  boolean isCallback() {
    return Thread.currentThread() instanceof CallbackThread callback && callback.owner == this;
  }

  /** Runs a callback so that what it throws harms nothing. */
  static void guarded(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable e) {
      SafeLog.log(System.Logger.Level.WARNING, "a callback threw; its result is not affected", e);
    }
  }

  private static final class CallbackThread extends Thread {
    private final CallbackThreads owner;

    CallbackThread(CallbackThreads owner, Runnable body, String name) {
      super(null, body, name, 0, false);
      this.owner = owner;
      setDaemon(true);
    }
  }
}
