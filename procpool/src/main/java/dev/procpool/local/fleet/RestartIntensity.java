package dev.procpool.local.fleet;

import java.util.ArrayDeque;

/**
 * Counts failures within a sliding window of time, after the restart intensity of Erlang's
 * supervisors; and those that follow each other, for starts that take longer to fail than the
 * window allows for. Owned by the engine's thread.
 */
final class RestartIntensity {

  private final int most;
  private final long windowNanos;
  private final ArrayDeque<Long> failures = new ArrayDeque<>();
  private int inARow;

  RestartIntensity(int most, long windowNanos) {
    this.most = most;
    this.windowNanos = windowNanos;
  }

  /** Counts a failure, and forgets those before the window that ends now. */
  void failed(long now) {
    inARow++;
    failures.add(now);
    while (now - failures.element() > windowNanos) {
      failures.remove();
    }
  }

  /** A start has succeeded. */
  void succeeded() {
    inARow = 0;
  }

  /** Whether more starts than allowed have failed since one succeeded, whenever that was. */
  boolean isExceededInARow() {
    return inARow > most;
  }

  /** Whether there were more failures than allowed within the window that ended at the last one. */
  boolean isExceeded() {
    return failures.size() > most;
  }
}
