package dev.procpool.time;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits whose limit counts by an {@link AwakeClock}. */
public final class AwakeWait {

  private AwakeWait() {}

  /**
   * Waits for a future.
   *
   * @param nanos the longest time to wait that this process gets
   * @return what it gives
   * @throws TimeoutException if that takes longer
   * @throws ExecutionException if the future failed
   * @throws InterruptedException if this thread was interrupted
   */
  public static <T> T get(Future<T> future, long nanos)
      throws InterruptedException, ExecutionException, TimeoutException {
    AwakeClock clock = new AwakeClock();
    long deadline = clock.now() + nanos;
    while (true) {
      long slice = clock.slice(deadline);
      try {
        return future.get(Math.max(0, slice), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (slice <= 0) {
          throw e;
        }
      }
    }
  }
}
