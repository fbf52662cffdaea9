package dev.procpool.observe;

import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.guard.SafeLog;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Calls one observer, which may do whatever it likes: it blocks nobody but itself.
 *
 * <p>Its thread owns the calls under way; {@link #queue} and {@link #awaitEnd} are for any thread.
 */
class ObserverThread implements Runnable {

  private static final long PROGRESS_MILLIS = 250;

  /** How long to wait after a lack of memory. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  final ObserverQueue queue = new ObserverQueue();
  private final String pool;
  private final PoolObserver observer;
  private final Thread thread;
  private final CountDownLatch end = new CountDownLatch(1);

  /**
   * The calls that the observer has heard of, by number. Weak, as are those in the queue: an
   * observer that blocks must not keep the results of calls that have ended.
   */
  private final Map<Long, Followed> calls = new HashMap<>();

  private long progressedAt = System.nanoTime();
  private boolean hasThrown;

  /** Set when nobody waits for the last events any more. */
  private volatile boolean abandoned;

  ObserverThread(String pool, PoolObserver observer, int number) {
    this.pool = pool;
    this.observer = observer;
    this.thread = new Thread(null, this, "procpool-" + pool + "-observer-" + number, 0, false);
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    thread.setDaemon(true);
  }

  /** Does nothing if it was started; may be called again where it throws, for want of a thread. */
  void start() {
    if (thread.getState() == Thread.State.NEW) {
      thread.start();
    }
  }

  @Override
  public void run() {
    try {
      while (!queue.isOver() && !abandoned) {
        try {
          deliver(take());
          tellProgress();
        } catch (Throwable e) { // no memory: it is told of the rest when there is some
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    } finally {
      end.countDown();
    }
  }

  private List<Consumer<ObserverThread>> take() {
    try {
      return queue.take(calls.isEmpty() ? 0 : PROGRESS_MILLIS);
    } catch (InterruptedException e) {
      return List.of(); // somebody's who did not mean this thread, or the end
    }
  }

  private void deliver(List<Consumer<ObserverThread>> events) {
    for (int i = 0; i < events.size() && !abandoned; i++) {
      try { // makes nothing, so that no lack of memory costs the events after this one
        events.get(i).accept(this);
      } catch (Throwable e) {
        threw(e);
      }
    }
  }

  private void threw(Throwable error) {
    if (!hasThrown) {
      hasThrown = true;
      SafeLog.log(
          System.Logger.Level.WARNING,
          "an observer of pool '"
              + pool
              + "' threw; it is told what happens all the same, and what it throws next is not"
              + " logged",
          error);
    }
  }

  // ------------------------------------------------------------------ from within events

  PoolObserver observer() {
    return observer;
  }

  void begun(WeakReference<ObservedCall> call, PoolEvent.CallBegin event) {
    calls.put(event.call().number(), new Followed(call));
    observer.callBegun(event);
  }

  void ended(PoolEvent.CallEnd event) {
    calls.remove(event.call().number());
    observer.callEnded(event);
  }

  void dropped(long count) {
    observer.eventsDropped(pool, count);
  }

  private void tellProgress() {
    long now = System.nanoTime();
    if (calls.isEmpty() || now - progressedAt < TimeUnit.MILLISECONDS.toNanos(PROGRESS_MILLIS)) {
      return;
    }
    progressedAt = now;
    for (Iterator<Followed> all = calls.values().iterator(); all.hasNext(); ) {
      Followed followed = all.next();
      ObservedCall call = followed.call.get();
      if (call == null || call.isEnded()) {
        all.remove(); // its end comes, or was dropped
      } else {
        tellProgress(call, followed);
      }
    }
  }

  private void tellProgress(ObservedCall call, Followed followed) {
    long done = call.done();
    if (done != followed.done) {
      followed.done = done;
      PoolEvent.CallProgress event =
          new PoolEvent.CallProgress(
              pool, Instant.now(), call.call(), call.items(), done, call.failed());
      try {
        observer.callProgressed(event);
      } catch (Throwable e) {
        threw(e);
      }
    }
  }

  /** A call under way, and how far the observer knows it to have come. */
  private static final class Followed {

    private final WeakReference<ObservedCall> call;
    private long done;

    Followed(WeakReference<ObservedCall> call) {
      this.call = call;
    }
  }

  // ------------------------------------------------------------------ the end

  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /** Waits until the last event was delivered: false if that takes longer. */
  boolean awaitEnd(long nanos) throws InterruptedException {
    return end.await(nanos, TimeUnit.NANOSECONDS);
  }

  /** Has the thread end as soon as its observer returns. */
  void abandon() {
    if (!abandoned) {
      abandoned = true;
      thread.interrupt();
      SafeLog.log(
          System.Logger.Level.WARNING,
          "an observer of pool '"
              + pool
              + "' has not taken its last events within 2 seconds of the pool's end; they are lost",
          null);
    }
  }
}
