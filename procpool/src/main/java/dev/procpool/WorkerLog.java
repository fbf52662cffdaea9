package dev.procpool;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A log record of a worker. Immutable.
 *
 * @param workerNumber the worker's number in its pool
 * @param pid its process
 * @param time when it was logged
 * @param level its level; one of the worker's logging library that has no like becomes the next
 *     lower that has
 * @param logger the logger's name; empty for the root logger
 * @param message the message, localized and formatted in the worker; cut after 16,384 characters
 * @param thrown what was logged with it: itself if its class is known to this process and allowed
 *     by the pool's {@code resultFilter}, else a {@link dev.procpool.RemoteTaskException} with its
 *     text
 * @param item the item that the worker was running
 * @param thread the name of the thread that logged; since 0.2.0
 * @param mdc the thread's mapped diagnostic context; empty for {@code java.util.logging}; since
 *     0.2.0
 * @param markers the names of its markers; empty for {@code java.util.logging}; since 0.2.0
 * @param keyValues its key-value pairs: strings, booleans, numbers, and the texts of other values;
 *     empty for {@code java.util.logging}; since 0.2.0
 */
public record WorkerLog(
    int workerNumber,
    long pid,
    Instant time,
    System.Logger.Level level,
    String logger,
    String message,
    Optional<Throwable> thrown,
    Optional<RunningItem> item,
    String thread,
    Map<String, String> mdc,
    List<String> markers,
    Map<String, Object> keyValues) {

  /**
   * Makes a record that has no more than one of {@code java.util.logging}.
   *
   * @param workerNumber the worker's number in its pool
   * @param pid its process
   * @param time when it was logged
   * @param level its level
   * @param logger the logger's name
   * @param message the message
   * @param thrown what was logged with it
   * @param item the item that the worker was running
   */
  public WorkerLog(
      int workerNumber,
      long pid,
      Instant time,
      System.Logger.Level level,
      String logger,
      String message,
      Optional<Throwable> thrown,
      Optional<RunningItem> item) {
    this(
        workerNumber,
        pid,
        time,
        level,
        logger,
        message,
        thrown,
        item,
        "",
        Map.of(),
        List.of(),
        Map.of());
  }
}
