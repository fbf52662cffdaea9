package dev.procpool.local.fleet;

import dev.procpool.guard.SafeText;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Waits longer and longer between attempts to start a process while the system has no descriptors,
 * processes or memory for one, and gives up after a minute or so.
 *
 * <p>Owned by the engine's thread.
 */
final class StartBackoff {

  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** These take a minute together. */
  private static final int MOST_FAILURES = 18;

  /** What the system says if there are too many files, processes or pages. */
  private static final List<String> SHORTAGES =
      List.of(
          "error=11", // EAGAIN
          "error=12", // ENOMEM
          "error=23", // ENFILE
          "error=24", // EMFILE
          "Too many open files",
          "Resource temporarily unavailable",
          "Cannot allocate memory");

  private int failures;
  private long notBefore;

  /**
   * Tells whether a process could not be started for want of something that others may give back.
   *
   * @param text the cause in words
   */
  static boolean isShortage(Throwable cause, String text) {
    return cause instanceof OutOfMemoryError
        || SafeText.cause(cause) instanceof OutOfMemoryError
        || (cause instanceof IOException && SHORTAGES.stream().anyMatch(text::contains));
  }

  /** Notes that a process could not be started. */
  void failed(long now) {
    failures++;
    notBefore = now + Math.min(MOST_NANOS, FIRST_NANOS << Math.min(failures, Integer.SIZE));
  }

  /** Notes that one was. */
  void succeeded() {
    failures = 0;
  }

  /** Whether it makes no sense to go on. */
  boolean isExhausted() {
    return failures > MOST_FAILURES;
  }

  /** How long to wait for the next attempt; 0 for not at all. */
  long left(long now) {
    return failures == 0 ? 0 : Math.max(0, notBefore - now);
  }
}
