package dev.procpool.local;

import dev.procpool.spi.LogBridge;
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
record LogTarget(
    boolean forwards,
    @Nullable Consumer<? super WorkerLog> consumer,
    CompletableFuture<LogBridges> bridges) {

  /** Takes nothing. */
  static LogTarget none() {
    return new LogTarget(false, null, CompletableFuture.completedFuture(LogBridges.NONE));
  }

  /** Tells whether a worker may send records through this bridge; none if it is empty. */
  boolean takes(String bridge) {
    return bridge.isEmpty() ? forwards : find(bridge).isPresent();
  }

  private Optional<LogBridge> find(String name) {
    return bridges.getNow(LogBridges.NONE).all().stream()
        .filter(bridge -> bridge.name().equals(name))
        .findAny();
  }

  /** Takes a record; on the thread that delivers. */
  void accept(String bridge, WorkerLog log) {
    if (consumer != null) {
      consumer.accept(log);
    } else if (bridge.isEmpty()) {
      log.toSystemLogger();
    } else {
      find(bridge).orElseThrow().log(log.toEvent());
    }
  }

  /** Tells the lowest level that is taken from a logger of a bridge's library. */
  System.Logger.Level threshold(String bridge, String logger) {
    System.Logger.Level otherwise =
        consumer == null ? System.Logger.Level.OFF : System.Logger.Level.INFO;
    return find(bridge).flatMap(found -> found.threshold(logger)).orElse(otherwise);
  }
}
