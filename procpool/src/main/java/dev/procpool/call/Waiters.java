package dev.procpool.call;

import dev.procpool.context.CallContext;
import dev.procpool.guard.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a {@link TableCall}: threads, futures and callbacks; and how it completed.
 *
 * <p>Thread-safe. The lists are guarded by the call's lock; threads are woken, futures completed
 * and callbacks run without it.
 *
 * <pre>
 *   OPEN       threads, futures and callbacks wait
 *     | every item has its outcome; the call is cancelled                  complete
 *   COMPLETE   get() answers; whoever waits for all outcomes still waits
 *     | every item has its outcome                                         end
 *   ENDED      nobody waits any more
 * </pre>
 */
final class Waiters {

  private final TableCall<?, ?> call;
  private final CallbackThreads threads;
  private final @Nullable CallContext context;
  private final CallbackLane lane;
  private final CountDownLatch completed = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Completion completion;

  // ---- guarded by the call's lock

  /** Futures that wait for completion; null once that has come. */
  private @Nullable List<CallbackLane> futures = new ArrayList<>(0);

  /** Whether callbacks wait for the last outcome, too. */
  private boolean isLastFirst;

  Waiters(TableCall<?, ?> call, CallbackThreads threads) {
    this.call = call;
    this.threads = threads;
    this.context = CallContext.of(call.task());
    this.lane = new CallbackLane(threads, context);
  }

  /** Where the result's callbacks run. */
  CallbackLane lane() {
    return lane;
  }

  // ---------------------------------------------------------------- for those who wait

  /** How the call completed; null while it has not. */
  @Nullable Completion completion() {
    return completion;
  }

  /** How a call that has completed did so. */
  Completion whenDone() {
    Completion known = completion;
    if (known == null) {
      throw new IllegalStateException(call + " is not complete");
    }
    return known;
  }

  /** Waits for completion, and lends the thread to the backend meanwhile. */
  Completion await() throws InterruptedException {
    if (completion == null) {
      BooleanSupplier isDone = () -> completion != null;
      call.helpBackend(isDone);
    }
    Patience.await(completed, Deadline.NEVER, call);
    return whenDone();
  }

  /** Waits for completion: null if it did not come in time. */
  @Nullable Completion await(Duration timeout) throws InterruptedException {
    Patience.await(completed, Deadline.after(timeout), call);
    return completion;
  }

  /** Waits for the last outcome: tells whether it came before the deadline. */
  boolean awaitEnd(Deadline deadline) throws InterruptedException {
    return Patience.await(ended, deadline, call);
  }

  /** Runs a callback in the result's lane once it is complete. */
  void addCallback(Runnable callback) {
    lane.addLast(callback);
  }

  /** Completes a future: now if the result is complete, else in a lane of its own once it is. */
  void addFuture(Runnable future) {
    call.lock.lock();
    try {
      if (futures != null) {
        CallbackLane own = new CallbackLane(threads, context);
        futures.add(own);
        try {
          own.addLast(future);
        } finally {
          own.end();
        }
        return;
      }
    } finally {
      call.lock.unlock();
    }
    future.run();
  }

  // ---------------------------------------------------------------- for the call

  /** Has callbacks run after the last outcome only. Under the lock. */
  void putLastFirst() {
    isLastFirst = true;
  }

  private boolean waitsForLast() {
    return isLastFirst && !call.isEnded();
  }

  /** Completes the result, if it is not complete. Needs no memory. */
  void complete(Completion how) {
    List<CallbackLane> waiting;
    Waits.lock(call.lock);
    try {
      if (completion != null || futures == null) {
        return;
      }
      completion = how;
      waiting = futures;
      futures = null;
    } finally {
      call.lock.unlock();
    }
    completed.countDown();
    for (int i = 0; i < waiting.size(); i++) { // no iterator: there may be no memory
      waiting.get(i).release();
    }
  }

  /** Runs something on a thread for callbacks, whatever the result's callbacks do. */
  void addSeparately(Runnable action) {
    CallbackLane own = new CallbackLane(threads, context);
    try {
      own.add(action);
    } finally {
      own.end();
    }
  }

  /** Runs the callbacks that wait, unless they wait for the last outcome. Needs no memory. */
  void releaseCallbacks() {
    Waits.lock(call.lock);
    try {
      if (completion == null || waitsForLast()) {
        return;
      }
    } finally {
      call.lock.unlock();
    }
    lane.release();
  }

  boolean isEnded() {
    return ended.getCount() == 0;
  }

  /** Every item has its outcome, and the result is complete. */
  void end() {
    ended.countDown();
    lane.end();
  }
}
