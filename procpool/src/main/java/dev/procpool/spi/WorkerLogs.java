package dev.procpool.spi;

import java.util.Optional;

/**
 * A worker's way to its parent's loggers, for the part of a {@link LogBridge} that runs in workers.
 * Thread-safe.
 *
 * @since 0.2.0
 */
public interface WorkerLogs {

  /**
   * Gives this process's.
   *
   * @return empty if it is no worker, or one that has not come to its user's code yet
   */
  static Optional<WorkerLogs> ofThisProcess() {
    return Optional.ofNullable(CurrentLogs.HOLDER.get());
  }

  /**
   * Makes one this process's; for backends.
   *
   * @param logs what {@link #ofThisProcess} gives from now on
   */
  static void connect(WorkerLogs logs) {
    CurrentLogs.HOLDER.set(logs);
  }

  /**
   * Tells what the parent's logger of a name takes. The first time for a name the parent is asked,
   * which the calling thread waits for; if that takes longer than 10 seconds, as when the parent's
   * logging hangs, {@code INFO} is assumed until the answer comes.
   *
   * @param bridge the bridge's name
   * @param logger the logger's name
   * @return its threshold, which follows changes in the parent
   */
  LogThreshold threshold(String bridge, String logger);

  /**
   * Sends a record, whatever its level. It has left the worker when this returns. Waits while the
   * parent has 256 records of this worker to deal with.
   *
   * @param bridge the bridge's name
   * @param event the record
   */
  void send(String bridge, LogEvent event);
}
