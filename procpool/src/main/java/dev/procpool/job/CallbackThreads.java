package dev.procpool.job;

import dev.procpool.guard.SafeLog;
import dev.procpool.guard.Waits;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The daemon threads that run the callbacks of one pool, and nothing else.
 *
 * <p>There are as many as there are results with a callback to run at the moment, so a slow
 * callback holds up no other result. One at least is there as long as a result has callbacks that
 * may come to run: where no other is to be had, as the machine has no more or the heap is full, it
 * runs them one after another. So no callback is ever lost, and to {@linkplain #run have one run}
 * takes no memory.
 *
 * <p>Thread-safe: {@code lock} guards all fields.
 */
final class CallbackThreads {

  private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final String poolName;
  private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Condition work = lock.newCondition();

  /** Lanes that wait for a thread, first to last. */
  private @Nullable CallbackLane first;

  private @Nullable CallbackLane last;
  private int due;

  /** Lanes that wait for a thread, or have one. */
  private long busy;

  /** Lanes that may come to need a thread. */
  private long promised;

  private int threads;

  /** How many of the threads have no lane. */
  private int waiting;

  private int made;
  private long keepNanos = KEEP_NANOS;

  CallbackThreads(String poolName) {
    this.poolName = poolName;
  }

  /**
   * Promises a lane a thread.
   *
   * @throws OutOfMemoryError if none is there, and none to be had; then nothing is promised
   */
  void promise() {
    Waits.lock(lock);
    try {
      if (threads == 0) {
        start();
      }
      promised++;
    } finally {
      lock.unlock();
    }
  }

  /** A lane needs its thread no more. */
  void endPromise() {
    Waits.lock(lock);
    try {
      promised--;
      if (promised == 0) {
        work.signalAll(); // whoever is kept for nobody may end
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has a promised thread run a lane until it is empty. */
  void run(CallbackLane lane) {
    Waits.lock(lock);
    try {
      busy++;
      due++;
      CallbackLane before = last;
      last = lane;
      if (before == null) {
        first = lane;
      } else {
        before.next = lane;
      }
      work.signal();
      if (waiting < due) {
        startAnother();
      }
    } finally {
      lock.unlock();
    }
  }

  private void startAnother() {
    try {
      start();
    } catch (Throwable e) { // the reporting thread must not pay for it
      SafeLog.log(
          System.Logger.Level.WARNING, "no more threads for callbacks: they run one by one", e);
    }
  }

  private void start() {
    CallbackThread thread =
        new CallbackThread(this, "procpool-" + poolName + "-callback-" + (made + 1));
    thread.setContextClassLoader(loader);
    thread.start();
    made++;
    threads++;
  }

  private void work() {
    for (CallbackLane lane = next(); lane != null; lane = next()) {
      try {
        lane.drain();
      } finally {
        ran();
      }
    }
  }

  /** Waits for a lane: null if the thread is not needed any more. */
  private @Nullable CallbackLane next() {
    long begin = System.nanoTime();
    Waits.lock(lock);
    waiting++;
    try {
      while (first == null) {
        boolean isKept = threads == 1 && promised > 0;
        long left = keepNanos - (System.nanoTime() - begin);
        if (!isKept && left <= 0) {
          threads--;
          return null;
        }
        awaitWork(isKept ? Long.MAX_VALUE : left);
      }
      return take();
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  private void awaitWork(long nanos) {
    try {
      Waits.await(work, lock, nanos);
    } catch (InterruptedException e) {
      // by somebody who means all threads of the program; ours end when they are not needed
    }
  }

  private @Nullable CallbackLane take() {
    CallbackLane lane = first;
    if (lane != null) {
      first = lane.next;
      last = first == null ? null : last;
      lane.next = null;
      due--;
    }
    return lane;
  }

  private void ran() {
    Waits.lock(lock);
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
        Waits.await(idle, lock, left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Lets idle threads end at once; callbacks registered later still get a thread. */
  void retire() {
    Waits.lock(lock);
    try {
      keepNanos = 0;
      work.signalAll();
    } finally {
      lock.unlock();
    }
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

    CallbackThread(CallbackThreads owner, String name) {
      super(null, null, name, 0, false);
      this.owner = owner;
      setDaemon(true);
    }

    @Override
    public void run() {
      owner.work();
    }
  }
}
