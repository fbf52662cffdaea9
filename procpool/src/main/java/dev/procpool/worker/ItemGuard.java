package dev.procpool.worker;

import dev.procpool.protocol.ItemRef;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps interrupts inside the item that they are meant for.
 *
 * <p>The task thread interrupts nobody and is interrupted only here, under this lock and only while
 * the named item runs. So no interrupt reaches the next item, or the thread while it writes to the
 * channel, which an interrupt would close.
 *
 * <pre>
 * state      trigger                     next
 * idle       begin(word)                 running
 * running    interrupt(word, why)        stopping: the thread is interrupted, once
 * stopping   condemn(word)               condemned: nothing begins any more, the pool kills us
 * any        end()                       idle; from condemned: waits to be killed
 * </pre>
 */
final class ItemGuard {

  /** Why an item was interrupted. */
  enum Reason {
    TIMED_OUT,
    CANCELLED
  }

  private static final StackTraceElement[] NO_STACK = new StackTraceElement[0];

  private final Thread taskThread;

  // guarded by this
  private long running;
  private @Nullable Reason reason;
  private StackTraceElement[] stack = NO_STACK;
  private boolean condemned;

  ItemGuard(Thread taskThread) {
    this.taskThread = taskThread;
  }

  synchronized void begin(long word) {
    running = word;
    reason = null;
    stack = NO_STACK;
  }

  /**
   * Ends the item.
   *
   * @return why it was interrupted; null if it was not
   */
  synchronized @Nullable Reason end() {
    while (condemned) {
      try {
        wait(); // the pool was told that this item is stuck and will kill the process
      } catch (InterruptedException e) {
        // there is nothing else to do
      }
    }
    running = 0;
    notifyAll();
    Thread.interrupted(); // one that came late, or that the task itself set, ends with the item
    return reason;
  }

  /**
   * Interrupts an item that has run too long, if it is the one that runs and was not interrupted
   * before.
   *
   * @return whether it was interrupted
   */
  synchronized boolean timeOut(long word) {
    return running == word && interrupt(Reason.TIMED_OUT);
  }

  /** Interrupts the item that runs, if it is one of this chunk, since its call was cancelled. */
  synchronized void cancel(long chunk) {
    if (running != 0 && ItemRef.ofWord(running).chunk() == chunk) {
      interrupt(Reason.CANCELLED);
    }
  }

  private boolean interrupt(Reason why) {
    if (reason != null) {
      return false;
    }
    reason = why;
    stack = taskThread.getStackTrace();
    taskThread.interrupt();
    return true;
  }

  /**
   * Gives an item up, if it is the one that runs: whatever it does from now on, no other begins.
   *
   * @return where it is stuck; null if it has ended
   */
  synchronized StackTraceElement @Nullable [] condemn(long word) {
    if (running != word) {
      return null;
    }
    condemned = true;
    return taskThread.getStackTrace();
  }

  /**
   * Waits for the end of an item.
   *
   * @param word the item
   * @param nanos the longest time to wait
   * @return whether it has ended
   */
  synchronized boolean awaitEnd(long word, long nanos) throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    while (running == word) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  /** Where the item was when it was interrupted. */
  synchronized StackTraceElement[] stackAtInterrupt() {
    return stack;
  }

  /** Tells whether the running item was interrupted. */
  synchronized boolean isInterrupted() {
    return reason != null;
  }
}
