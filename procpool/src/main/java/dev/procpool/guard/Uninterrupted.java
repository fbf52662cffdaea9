package dev.procpool.guard;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Work on threads that others may interrupt: the interrupt is put off until the work is done. It
 * would close a file's channel, even if it came before, or end a pause. Without state.
 */
public final class Uninterrupted {

  /** Work with files that can be done again from its beginning. */
  @FunctionalInterface
  public interface Work<T> {

    /** Does it. */
    T call() throws IOException;
  }

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private Uninterrupted() {}

  /**
   * Tries something again and again, with a pause between, until it has succeeded or the time is
   * over. An interrupt stands afterwards.
   *
   * @param attempt tells whether it has succeeded; is made once at least
   * @param limitNanos how long to try
   */
  public static void until(BooleanSupplier attempt, long limitNanos) {
    long begin = System.nanoTime();
    boolean interrupted = false;
    while (!attempt.getAsBoolean() && System.nanoTime() - begin < limitNanos) {
      interrupted |= Thread.interrupted(); // else it would not pause
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Does the work, again if this thread is interrupted meanwhile. An interrupt stands afterwards.
   *
   * @param <T> the type of what it gives
   * @param work the work
   * @return what it gives
   * @throws IOException what it throws
   */
  public static <T> T call(Work<T> work) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return work.call();
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
