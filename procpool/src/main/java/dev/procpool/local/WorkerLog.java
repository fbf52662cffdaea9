package dev.procpool.local;

import java.time.Instant;
import java.util.Optional;

/**
 * A log record of a worker. Immutable.
 *
 * @param workerNumber the worker's number in its pool
 * @param pid its process
 * @param time when it was logged
 * @param level its level; one of {@code java.util.logging}'s that has no like becomes the next
 *     lower that has
 * @param logger the logger's name; empty for the root logger
 * @param message the message, localized and formatted in the worker; cut after 16,384 characters
 * @param thrown what was logged with it: itself if its class is known to this process and allowed
 *     by the pool's {@code resultFilter}, else a {@link dev.procpool.RemoteTaskException} with its
 *     text
 * @param item the item that the worker was running
 */
public record WorkerLog(
    int workerNumber,
    long pid,
    Instant time,
    System.Logger.Level level,
    String logger,
    String message,
    Optional<Throwable> thrown,
    Optional<RunningItem> item) {

  /** Logs this to the logger of the same name in this process, after the worker's number. */
  void toSystemLogger() {
    System.getLogger(logger)
        .log(level, () -> "worker " + workerNumber + ": " + message, thrown.orElse(null));
  }
}
