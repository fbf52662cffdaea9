package dev.procpool.observe;

import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.guard.SafeLog;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Calls one observer, which may do whatever it likes: it blocks nobody but itself.
 *
 * <p>Its thread owns the calls under way; {@link #queue} and {@link #awaitEnd} are for any thread.
 */
final class ObserverThread implements Runnable {

  private static final long PROGRESS_MILLIS = 250;

  final ObserverQueue queue = new ObserverQueue();
  private final String pool;
  private final PoolObserver observer;
  private final Thread thread;
  private final CountDownLatch end = new CountDownLatch(1);

  /** The calls that the observer has heard of, and how far it knows them to have come. */
  private final Map<ObservedCall, Long> calls = new HashMap<>();

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

  void start() {
    thread.start();
  }

  @Override
  public void run() {
    try {
      while (!queue.isOver() && !abandoned) {
        deliver(take());
        tellProgress();
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
      Consumer<ObserverThread> event = events.get(i);
      tell(() -> event.accept(this));
    }
  }

  private void tell(Runnable event) {
    try {
      event.run();
    } catch (Throwable e) {
      if (!hasThrown) {
        hasThrown = true;
        SafeLog.log(
            System.Logger.Level.WARNING,
            "an observer of pool '"
                + pool
                + "' threw; it is told what happens all the same, and what it throws next is not"
                + " logged",
            e);
      }
    }
  }

  // ------------------------------------------------------------------ from within events

  PoolObserver observer() {
    return observer;
  }

  void begun(ObservedCall call, PoolEvent.CallBegin event) {
    calls.put(call, 0L);
    observer.callBegun(event);
  }

  void ended(ObservedCall call, PoolEvent.CallEnd event) {
    calls.remove(call);
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
    calls.keySet().removeIf(ObservedCall::isEnded); // its end comes, or was dropped
    calls.replaceAll(
        (call, before) -> {
          long done = call.done();
          if (done != before) {
            PoolEvent.CallProgress event =
                new PoolEvent.CallProgress(
                    pool, Instant.now(), call.call(), call.items(), done, call.failed());
            tell(() -> observer.callProgressed(event));
          }
          return done;
        });
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
