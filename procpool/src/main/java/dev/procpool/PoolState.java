package dev.procpool;

/**
 * Where a pool is in its life.
 *
 * <pre>
 * RUNNING     calls are taken
 * SHUTDOWN    shutdown() or close() was called: calls made before run to their end
 * STOPPING    terminate() was called: everything is being stopped
 * BROKEN      it can't go on: every call fails with {@link PoolBrokenException}
 * TERMINATED  all tasks and workers have ended
 * </pre>
 *
 * <p>A pool goes from each state only to a later one, with states left out.
 *
 * @since 0.2.0
 */
public enum PoolState {
  /** Calls are taken. */
  RUNNING,
  /** No more calls are taken; those made before run to their end. */
  SHUTDOWN,
  /** Everything is being stopped. */
  STOPPING,
  /** Workers don't work: every call fails. */
  BROKEN,
  /** All tasks and workers have ended. */
  TERMINATED
}
