package dev.procpool.guard;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Uses channels of files on threads that others may interrupt. An interrupt closes such a channel,
 * even one that came before; so it is put off until the work is done. Without state.
 */
public final class Uninterrupted {

  /** Work with files that can be done again from its beginning. */
  @FunctionalInterface
  public interface Work<T> {

    /** Does it. */
    T call() throws IOException;
  }

  private Uninterrupted() {}

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
