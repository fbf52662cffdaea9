package dev.procpool.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for a state that announces itself by no event, such as the end of a foreign process. */
public final class Eventually {

  private Eventually() {}

  /**
   * Waits until a condition holds, at most {@link FileLatch#BOUND}.
   *
   * @param what the condition in words, for the message
   * @param condition the condition
   * @throws AssertionError if it does not hold in time
   * @throws InterruptedException if this thread was interrupted
   */
  public static void until(String what, BooleanSupplier condition) throws InterruptedException {
    if (!within(FileLatch.BOUND, condition)) {
      throw new AssertionError("not within " + FileLatch.BOUND + ": " + what);
    }
  }

  /** Tells whether a condition came to hold within a time. */
  static boolean within(Duration bound, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return true;
  }
}
