package dev.procpool.job;

import dev.procpool.context.CallContext;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks of one result, run one after another in the order they were added.
 *
 * <p>Thread-safe: the queue's monitor guards the queue and the flag; callbacks run outside it. A
 * lane takes a thread only while it has something to run.
 */
final class CallbackLane {

  private final CallbackThreads threads;
  private final @Nullable CallContext context;
  private final Queue<Runnable> queue = new ArrayDeque<>();
  private boolean running;

  /**
   * Makes one without callbacks.
   *
   * @param context what they have of the call; null for nothing
   */
  CallbackLane(CallbackThreads threads, @Nullable CallContext context) {
    this.threads = threads;
    this.context = context;
  }

  void add(Runnable callback) {
    synchronized (queue) {
      queue.add(callback);
      if (running) {
        return;
      }
      running = true;
    }
    if (!threads.run(this::drain)) {
      synchronized (queue) {
        running = false; // the next to be added brings these along
      }
    }
  }

  private void drain() {
    for (Runnable next = poll(); next != null; next = poll()) {
      Runnable callback = next;
      CallbackThreads.guarded(context == null ? callback : () -> context.run(callback));
      Thread.interrupted(); // what one callback did to its thread is no business of the next
    }
  }

  private Runnable poll() {
    synchronized (queue) {
      Runnable next = queue.poll();
      running = next != null;
      return next;
    }
  }
}
