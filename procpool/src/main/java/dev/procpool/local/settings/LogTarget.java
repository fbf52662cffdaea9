package dev.procpool.local.settings;

import dev.procpool.WorkerLog;
import dev.procpool.spi.LogBridge;
import dev.procpool.spi.LogEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where workers' log records go: to the pool's consumer if it has one; else those of a bridge to
 * the same library's loggers in this process, and those of {@code java.util.logging} to {@code
 * System.Logger} if they are forwarded. Thread-safe.
 *
 * @param forwards whether records of {@code java.util.logging} are taken
 * @param consumer takes all records; null if they go to loggers
 * @param bridges those of this process; not complete before they were looked for
 */
public record LogTarget(
    boolean forwards,
    @Nullable Consumer<? super WorkerLog> consumer,
    CompletableFuture<LogBridges> bridges) {

  /** Takes nothing. */
  static LogTarget none() {
    return new LogTarget(false, null, CompletableFuture.completedFuture(LogBridges.NONE));
  }

  /** Tells whether a worker may send records through this bridge; none if it is empty. */
  public boolean takes(String bridge) {
    return bridge.isEmpty() ? forwards : find(bridge).isPresent();
  }

  private Optional<LogBridge> find(String name) {
    return bridges.getNow(LogBridges.NONE).all().stream()
        .filter(bridge -> bridge.name().equals(name))
        .findAny();
  }

  /** Takes a record; on the thread that delivers. */
  public void accept(String bridge, WorkerLog log) {
    if (consumer != null) {
      consumer.accept(log);
    } else if (bridge.isEmpty()) {
      toSystemLogger(log);
    } else {
      find(bridge).orElseThrow().log(event(log));
    }
  }

  /** Logs it to the logger of the same name in this process, after the worker's number. */
  public static void toSystemLogger(WorkerLog log) {
    System.getLogger(log.logger())
        .log(
            log.level(),
            () -> "worker " + log.workerNumber() + ": " + log.message(),
            log.thrown().orElse(null));
  }

  /** Gives it as a bridge takes it: with the worker and the item in its context. */
  private static LogEvent event(WorkerLog log) {
    Map<String, String> context = new LinkedHashMap<>(log.mdc());
    within(LogEvent.WORKER, String.valueOf(log.workerNumber()), context);
    log.item()
        .ifPresent(
            running -> {
              within(
                  LogEvent.CALL,
                  running.label().orElseGet(() -> String.valueOf(running.call())),
                  context);
              within(LogEvent.ITEM, String.valueOf(running.index()), context);
            });
    return new LogEvent(
        log.time(),
        log.level(),
        log.logger(),
        log.message(),
        log.thrown(),
        log.thread(),
        context,
        log.markers(),
        log.keyValues());
  }

  /** Of a record from a pool in a task there is already something: {@code 2/0}, then. */
  private static void within(String key, String value, Map<String, String> context) {
    context.merge(key, value, (inner, outer) -> outer + "/" + inner);
  }

  /** Tells the lowest level that is taken from a logger of a bridge's library. */
  public System.Logger.Level threshold(String bridge, String logger) {
    System.Logger.Level otherwise =
        consumer == null ? System.Logger.Level.OFF : System.Logger.Level.INFO;
    return find(bridge).flatMap(found -> found.threshold(logger)).orElse(otherwise);
  }
}
