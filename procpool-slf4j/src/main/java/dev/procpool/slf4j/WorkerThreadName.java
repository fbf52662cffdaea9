package dev.procpool.slf4j;

import dev.procpool.spi.LogEvent;

/**
 * Lends the delivering thread the name of the worker's thread, as in {@code worker-3/main}, since
 * logging libraries ask the current thread for its name.
 */
final class WorkerThreadName {

  private WorkerThreadName() {}

  /** Runs an action under the name of the thread that has logged a record. */
  static void runWith(LogEvent event, Runnable action) {
    Thread thread = Thread.currentThread();
    String own = thread.getName();
    String worker = event.mdc().getOrDefault(LogEvent.WORKER, "");
    thread.setName("worker-" + worker + "/" + event.thread());
    try {
      action.run();
    } finally {
      thread.setName(own);
    }
  }
}
