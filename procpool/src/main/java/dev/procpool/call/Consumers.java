package dev.procpool.call;

import dev.procpool.guard.Waits;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The threads that wait for the results of a stream. Guarded by the call's lock, but for the wait
 * itself.
 */
final class Consumers {

  private final ReentrantLock lock;
  private final Condition resultOrEnd;
  private int waiting;

  /** The id of the thread that consumed last; 0 before the first. */
  private long last;

  Consumers(ReentrantLock lock) {
    this.lock = lock;
    this.resultOrEnd = lock.newCondition();
  }

  /** Waits for a result or the end: true if there is a result. */
  boolean await(StreamingCall<?, ?> call, Deadline deadline)
      throws InterruptedException, TimeoutException {
    last = Thread.currentThread().getId();
    Patience patience = null;
    while (!call.hasResult()) {
      if (call.isOver()) {
        return false;
      }
      long left = deadline.remaining();
      if (left <= 0) {
        throw new TimeoutException("no result of " + call + " in time; the iteration can go on");
      }
      patience = patience == null ? call.patience() : patience;
      waiting++;
      try {
        Waits.await(resultOrEnd, lock, Math.min(left, patience.slice()));
      } finally {
        waiting--;
      }
      if (deadline.remaining() > 0 && patience.takeLook()) {
        look(call, patience);
      }
    }
    if (areWaiting()) {
      wakeOne(); // this one may not take it
    }
    return true;
  }

  /** Looks whether the wait can end; without the lock meanwhile. */
  private void look(StreamingCall<?, ?> call, Patience patience) {
    lock.unlock();
    try {
      call.failIfNever(patience.look());
    } finally {
      Waits.lock(lock);
    }
  }

  boolean areWaiting() {
    return waiting > 0;
  }

  /** There is a result. */
  void wakeOne() {
    resultOrEnd.signal();
  }

  /** Nothing more comes. */
  void wakeAll() {
    resultOrEnd.signalAll();
  }

  /** Tells, without waiting, whether there is a result. Takes the lock. */
  boolean canTake(StreamingCall<?, ?> call) {
    lock.lock();
    try {
      return call.hasResult();
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether a thread was the last to consume. Takes the lock. */
  boolean isLast(Thread thread) {
    lock.lock();
    try {
      return last == thread.getId();
    } finally {
      lock.unlock();
    }
  }
}
