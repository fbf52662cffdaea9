package dev.procpool.worker;

import dev.procpool.LimitKind;
import dev.procpool.protocol.ItemRef;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps interrupts inside the item that they are meant for.
 *
 * <p>The task thread interrupts nobody and is interrupted only here, and only while the named item
 * runs. So no interrupt of ours reaches the next item.
 *
 * <pre>
 * state      trigger                     next
 * idle       begin(word), begun(word)    running
 * running    interrupt(word, why)        stopping: the thread is interrupted, once
 * stopping   condemn(word)               condemned: nothing begins any more, the pool kills us
 * any        end(word)                   idle; from condemned: waits to be killed
 * </pre>
 *
 * <p>An item that nobody disturbs costs its thread neither a lock nor a fence of its own. Whoever
 * wants to disturb says so, passes a fence and looks at what runs; the task thread says what runs,
 * passes the fence of {@link dev.procpool.channel.RunPage#begin} and looks whether somebody said
 * so. At least one of them sees the other, and from there on the lock decides. The end of an item
 * without a time limit passes no fence: who cancels it may come too late and interrupt for nothing,
 * which the beginning of the next item finds and undoes.
 */
final class ItemGuard {

  /** Why an item was interrupted. */
  enum Reason {
    TIMED_OUT,
    CANCELLED
  }

  private static final StackTraceElement[] NO_STACK = new StackTraceElement[0];

  private static final VarHandle RUNNING;

  static {
    try {
      RUNNING = MethodHandles.lookup().findVarHandle(ItemGuard.class, "running", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Thread taskThread;

  /** What runs; 0 for nothing. Written by the task thread. */
  private volatile long running;

  /** Whether somebody has, or had, something against what runs. Cleared by the task thread. */
  private volatile boolean disturbed;

  // guarded by this

  /** Why an item was interrupted, and which. */
  private @Nullable Reason reason;

  private long reasonFor;

  /** Which limit, of one that has run into one. */
  private @Nullable LimitKind limit;

  private StackTraceElement[] stack = NO_STACK;
  private boolean condemned;

  /** Chunks of cancelled calls, of which an item may be about to begin. */
  private final Set<Long> cancelled = new HashSet<>(2);

  ItemGuard(Thread taskThread) {
    this.taskThread = taskThread;
  }

  /** Whether this is the thread that runs tasks. */
  boolean isTaskThread() {
    return Thread.currentThread() == taskThread;
  }

  /** What runs, or is about to; 0 for nothing. From any thread. */
  long running() {
    return running;
  }

  /**
   * Task thread: names the item that may begin; a full fence and {@link #begun} follow. What
   * interrupted the thread before, such as an initializer, is not meant for the item.
   */
  void begin(long word) {
    Thread.interrupted();
    RUNNING.setRelease(this, word);
  }

  /** Task thread, after the fence: the item begins. */
  void begun(long word) {
    if (disturbed) {
      settle(word);
    }
  }

  /** Task thread: what decoding did to its thread is not meant for the task. */
  void decoded(long word) {
    if (Thread.currentThread().isInterrupted()) {
      keepOwnInterrupt(word);
    }
  }

  private synchronized void keepOwnInterrupt(long word) {
    if (reason == null || reasonFor != word) {
      Thread.interrupted();
    }
  }

  /** Task thread: the item does not begin after all. */
  void drop() {
    RUNNING.setRelease(this, 0L);
  }

  /** Undoes what was meant for earlier items; interrupts this one if its call was cancelled. */
  private synchronized void settle(long word) {
    notifyAll(); // who waits for the end of an earlier item
    if (reasonFor != word) {
      reason = null;
      stack = NO_STACK;
      Thread.interrupted();
    }
    long chunk = ItemRef.ofWord(word).chunk();
    if (cancelled.contains(chunk)) {
      interrupt(word, Reason.CANCELLED);
    }
    disturbed = reason != null; // its end looks again
    cancelled.removeIf(other -> other < chunk); // chunks are run in the order of their numbers
  }

  /**
   * Task thread: ends the item.
   *
   * @param word the item
   * @param isWatched whether it has a time limit: then its end is seen at once
   * @return why it was interrupted; null if it was not
   */
  @Nullable Reason end(long word, boolean isWatched) {
    RUNNING.setRelease(this, 0L);
    if (isWatched) {
      VarHandle.fullFence();
    }
    Reason why = disturbed ? endDisturbed(word) : null;
    Thread.interrupted(); // one that came late, or that the task itself set, ends with the item
    return why;
  }

  private synchronized @Nullable Reason endDisturbed(long word) {
    while (condemned) {
      try {
        wait(); // the pool was told that this item is stuck and will kill the process
      } catch (InterruptedException e) {
        // there is nothing else to do
      }
    }
    notifyAll();
    return reasonFor == word ? reason : null; // which the next item settles
  }

  /**
   * Interrupts an item that has run into a limit, if it is the one that runs and was not
   * interrupted before.
   *
   * @return whether it was interrupted
   */
  synchronized boolean timeOut(long word, LimitKind kind) {
    disturbed = true;
    if (running != word || !interrupt(word, Reason.TIMED_OUT)) {
      return false;
    }
    limit = kind;
    return true;
  }

  /**
   * Interrupts the item of this chunk that runs or is about to, since its call was cancelled. The
   * others of the chunk were recalled before.
   */
  synchronized void cancel(long chunk) {
    cancelled.add(chunk);
    disturbed = true;
    long word = running;
    if (word != 0 && ItemRef.ofWord(word).chunk() == chunk) {
      interrupt(word, Reason.CANCELLED);
    }
  }

  private boolean interrupt(long word, Reason why) {
    if (reason != null && reasonFor == word) {
      return false;
    }
    reason = why;
    reasonFor = word;
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
    disturbed = true;
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
    disturbed = true; // so that its end is told here
    while (running == word || condemned) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  /** Which limit the item has run into that was interrupted last. */
  synchronized LimitKind limit() {
    return Objects.requireNonNullElse(limit, LimitKind.RUN_TIME);
  }

  /** Where the item was when it was interrupted. */
  synchronized StackTraceElement[] stackAtInterrupt() {
    return stack;
  }

  /** Tells whether the running item was interrupted. */
  synchronized boolean isInterrupted() {
    return reason != null && reasonFor == running;
  }
}
