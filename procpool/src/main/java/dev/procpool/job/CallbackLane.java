package dev.procpool.job;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The callbacks of one result, run one after another in the order they were added.
 *
 * <p>Thread-safe: the queue's monitor guards the queue and the flag; callbacks run outside it. A
 * lane takes a thread only while it has something to run.
 */
final class CallbackLane {

  private final CallbackThreads threads;
  private final Queue<Runnable> queue = new ArrayDeque<>();
  private boolean running;

  CallbackLane(CallbackThreads threads) {
    this.threads = threads;
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
      CallbackThreads.guarded(next);
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
