package dev.procpool.call;

import dev.procpool.guard.SafeLog;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The daemon threads that run the callbacks of one pool, and nothing else.
 *
 * <p>At least as many as there are results with a callback to run at the moment, if they are to be
 * had, so a slow callback holds up no other result. One at least is there as long as a result has
 * callbacks that may come to run: where no other is to be had, as the machine has no more or the
 * heap is full, it runs them one after another, and tries to get more before each.
 *
 * <p>Thread-safe: the monitor guards all fields; threads without a lane wait on it. It is Java's
 * own and not a lock, as that may need memory to wait and to wake.
 */
final class CallbackThreads {

  private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final String SHORTAGE = "no more threads for callbacks: they run one by one";

  /** Loaded with this class, as there may be no memory to do so later. */
  private static final Level LEVEL = Level.WARNING;

  private final String poolName;
  private final Consumer<Thread> starter;
  private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

  /** Where those wait who want no callback to run; taken before the monitor, never after it. */
  private final Object idle = new Object();

  /** Lanes that wait for a thread, first to last. */
  private @Nullable CallbackLane first;

  private @Nullable CallbackLane last;
  private int due;

  /** Lanes that wait for a thread, or have one. */
  private long busy;

  /** Lanes that may come to need a thread. */
  private long promised;

  private int threads;

  /** How many of the threads have no lane; those that were started and have not begun, too. */
  private int waiting;

  private int made;
  private boolean isShort;
  private long keepNanos = KEEP_NANOS;

  CallbackThreads(String poolName) {
    this(poolName, Thread::start);
  }

  /**
   * Makes one without threads.
   *
   * @param starter starts a thread; throws if there is none to be had
   */
  CallbackThreads(String poolName, Consumer<Thread> starter) {
    this.poolName = poolName;
    this.starter = starter;
  }

  /**
   * Promises a lane a thread.
   *
   * @throws OutOfMemoryError if none is there, and none to be had; then nothing is promised
   */
  synchronized void promise() {
    if (threads == 0) {
      start();
    }
    promised++;
  }

  /** A lane needs its thread no more. Needs no memory. */
  synchronized void endPromise() {
    promised--;
    if (promised == 0) {
      notifyAll(); // whoever is kept for nobody may end
    }
  }

  /** Queues a lane that has a thread promised; one runs it until it is empty. Needs no memory. */
  void run(CallbackLane lane) {
    Throwable shortage;
    synchronized (this) {
      busy++;
      due++;
      CallbackLane before = last;
      last = lane;
      if (before == null) {
        first = lane;
      } else {
        before.next = lane;
      }
      notify(); // one is enough: only threads without a lane wait here
      shortage = startMissing();
    }
    log(shortage);
  }

  /** Starts a thread if there are too few: gives why that failed, the first time. */
  private @Nullable Throwable startMissing() {
    if (waiting >= due) {
      return null;
    }
    try {
      start();
      isShort = false;
      return null;
    } catch (Throwable e) { // the reporting thread must not pay for it
      boolean isFirst = !isShort;
      isShort = true;
      return isFirst ? e : null;
    }
  }

  /** Without the monitor: who logs may run anything. */
  private static void log(@Nullable Throwable shortage) {
    if (shortage != null) {
      try {
        SafeLog.log(LEVEL, SHORTAGE, shortage);
      } catch (Throwable e) {
        // no memory even to load what says so
      }
    }
  }

  private void start() {
    CallbackThread thread =
        new CallbackThread(this, "procpool-" + poolName + "-callback-" + (made + 1));
    thread.setContextClassLoader(loader);
    starter.accept(thread);
    made++;
    threads++;
    waiting++;
  }

  private void work() {
    for (CallbackLane lane = next(); lane != null; lane = next()) {
      try {
        lane.drain();
      } catch (Throwable e) {
        lane.drainAgain(); // no memory, not even to say so: what is left of it is not lost
      } finally {
        ran();
      }
    }
  }

  /** Waits for a lane: null if the thread is not needed any more. */
  private @Nullable CallbackLane next() {
    CallbackLane lane = null;
    Throwable shortage = null;
    synchronized (this) {
      long begin = System.nanoTime();
      while (first == null) {
        boolean isKept = threads == 1 && promised > 0;
        long left = keepNanos - (System.nanoTime() - begin);
        if (!isKept && left <= 0) {
          threads--;
          waiting--;
          return null;
        }
        await(isKept ? Long.MAX_VALUE : left);
      }
      lane = first;
      first = lane.next;
      last = first == null ? null : last;
      lane.next = null;
      due--;
      waiting--;
      if (first != null) {
        shortage = startMissing(); // if there was none to be had before
      }
    }
    log(shortage);
    return lane;
  }

  @SuppressWarnings("WaitNotInLoop") // it is in the caller's
  private void await(long nanos) {
    try {
      wait(millis(nanos));
    } catch (InterruptedException e) {
      // by somebody who means all threads of the program; ours end when they are not needed
    }
  }

  /** Rounded up, as zero is for ever. */
  private static long millis(long nanos) {
    return nanos / 1_000_000 + 1;
  }

  private void ran() {
    boolean isIdle;
    synchronized (this) {
      waiting++;
      isIdle = --busy == 0;
    }
    if (isIdle) {
      synchronized (idle) {
        idle.notifyAll();
      }
    }
  }

  private synchronized boolean isBusy() {
    return busy > 0;
  }

  /** Waits until no callback runs or is due; does not wait if the caller is a callback itself. */
  boolean awaitIdle(Deadline deadline) throws InterruptedException {
    if (isCallback()) {
      return true;
    }
    synchronized (idle) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      while (isBusy()) {
        long left = deadline.remaining();
        if (left <= 0) {
          return false;
        }
        idle.wait(millis(left));
      }
      return true;
    }
  }

  /** Lets idle threads end at once; callbacks registered later still get a thread. */
  synchronized void retire() {
    keepNanos = 0;
    notifyAll();
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
      SafeLog.log(LEVEL, "a callback threw; its result is not affected", e);
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
