package dev.procpool.testkit;

import java.util.concurrent.CancellationException;

/** Lets callbacks, which may throw no checked exception, wait. */
final class Interruption {

  /** What waits. */
  @FunctionalInterface
  interface Waiting {
    void run() throws Exception;
  }

  private Interruption() {}

  /** Runs what waits; an interrupt becomes a cancellation, any other failure an assertion error. */
  static void rethrown(Waiting waiting) {
    try {
      waiting.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
