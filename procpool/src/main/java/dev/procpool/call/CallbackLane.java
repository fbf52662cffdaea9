package dev.procpool.call;

import dev.procpool.context.CallContext;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks of one result, run one after another: first what is told while the call runs, then
 * what waits for its completion, each in the order added.
 *
 * <p>Thread-safe: the lane's monitor guards its fields; callbacks run outside it. A lane takes a
 * thread only while it has something to run. It has one promised from its first callback on, so
 * that to have them run takes neither a new thread nor memory.
 */
final class CallbackLane {

  private final CallbackThreads threads;
  private final @Nullable CallContext context;

  /** What is to run as soon as can be. */
  private final Queue<Runnable> now = new ArrayDeque<>(2);

  /** What is to run after that, and once it was {@linkplain #release released}. */
  private final Queue<Runnable> last = new ArrayDeque<>(2);

  private boolean isReleased;

  /** Whether a thread runs its callbacks, or is about to. */
  private boolean isDue;

  /** Whether a thread is promised. */
  private boolean isPromised;

  /** Whether the promise ends once all that was added has run. */
  private boolean isEnded;

  /** What is due after this: owned by {@link CallbackThreads}. */
  @Nullable CallbackLane next;

  /**
   * Makes one without callbacks.
   *
   * @param context what they have of the call; null for nothing
   */
  CallbackLane(CallbackThreads threads, @Nullable CallContext context) {
    this.threads = threads;
    this.context = context;
  }

  /** Has something run. */
  void add(Runnable callback) {
    add(callback, now);
  }

  /** Has something run last, once that was released. */
  void addLast(Runnable callback) {
    add(callback, last);
  }

  private void add(Runnable callback, Queue<Runnable> queue) {
    synchronized (this) {
      promise();
      try {
        queue.add(context == null ? callback : () -> context.run(callback));
      } finally {
        endPromise(); // if there was no memory for that
      }
    }
    runIfDue();
  }

  /**
   * Sees to it that a thread will be there.
   *
   * @throws OutOfMemoryError if none is, and none is to be had
   */
  synchronized void promise() {
    if (!isPromised) {
      threads.promise();
      isPromised = true;
    }
  }

  /** Has run what was to run last. Needs no memory; does nothing twice. */
  void release() {
    synchronized (this) {
      isReleased = true;
    }
    runIfDue();
  }

  /** Nothing more is added; if it is, that asks for a thread anew. Needs no memory. */
  synchronized void end() {
    isEnded = true;
    endPromise();
  }

  private void runIfDue() {
    synchronized (this) {
      if (isDue || !hasWork()) {
        return;
      }
      isDue = true;
    }
    threads.run(this);
  }

  private boolean hasWork() {
    return !now.isEmpty() || (isReleased && !last.isEmpty());
  }

  /** Runs all that is to run. */
  void drain() {
    for (Runnable next = poll(); next != null; next = poll()) {
      CallbackThreads.guarded(next);
      Thread.interrupted(); // what one callback did to its thread is no business of the next
    }
  }

  /** Runs what is left after {@link #drain} has thrown, for want of memory. */
  void drainAgain() {
    while (true) {
      try {
        drain();
        return;
      } catch (Throwable e) {
        Thread.onSpinWait(); // each time one callback less is left
      }
    }
  }

  private synchronized @Nullable Runnable poll() {
    if (hasWork()) {
      return now.isEmpty() ? last.remove() : now.remove();
    }
    isDue = false;
    endPromise();
    return null;
  }

  /** Ends the promise if nothing is there, and nothing more to come. */
  synchronized void endPromise() {
    if (isPromised && isEnded && !isDue && now.isEmpty() && last.isEmpty()) {
      isPromised = false;
      threads.endPromise();
    }
  }
}
