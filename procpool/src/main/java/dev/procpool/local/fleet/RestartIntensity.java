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

  /**
   * Notes a failure.
   *
   * @return whether there were more than allowed within the window
   */
  boolean exceededBy(long now) {
    failures.add(now);
    while (now - failures.element() > windowNanos) {
      failures.remove();
    }
    return failures.size() > most;
  }
}
