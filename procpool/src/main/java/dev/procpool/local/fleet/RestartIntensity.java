package dev.procpool.local.fleet;

import java.util.ArrayDeque;

/**
 * Counts failures within a sliding window of time, after the restart intensity of Erlang's
 * supervisors. Owned by the engine's thread.
 */
final class RestartIntensity {

  private final int most;
  private final long windowNanos;
  private final ArrayDeque<Long> failures = new ArrayDeque<>();

  RestartIntensity(int most, long windowNanos) {
    this.most = most;
    this.windowNanos = windowNanos;
  }

  /** Counts a failure, and forgets those before the window that ends now. */
  void failed(long now) {
    failures.add(now);
    while (now - failures.element() > windowNanos) {
      failures.remove();
    }
  }

  /** Whether there were more failures than allowed within the window that ended at the last one. */
  boolean isExceeded() {
    return failures.size() > most;
  }
}
