package dev.procpool.slf4j;

import dev.procpool.spi.LogEvent;
import dev.procpool.spi.LogThreshold;
import dev.procpool.spi.WorkerLogs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a logger in a worker knows of the parent's logger of its name: from which level on that
 * takes records, and how these get there. Where there is no parent yet, as for an agent that logs
 * before the worker has begun, records from {@code INFO} on are printed. Thread-safe.
 */
final class ParentLogger {

  private final String bridge;
  private final String name;

  /** Set once; races give the same. */
  private volatile @Nullable LogThreshold threshold;

  ParentLogger(String bridge, String name) {
    this.bridge = bridge;
    this.name = name;
  }

  boolean takes(System.Logger.Level level) {
    LogThreshold known = threshold;
    if (known == null) {
      Optional<WorkerLogs> logs = WorkerLogs.ofThisProcess();
      if (logs.isEmpty()) {
        return level.getSeverity() >= System.Logger.Level.INFO.getSeverity();
      }
      known = logs.get().threshold(bridge, name);
      threshold = known;
    }
    return known.allows(level);
  }

  void send(
      System.Logger.Level level,
      String message,
      @Nullable Throwable thrown,
      List<String> markers,
      Map<String, Object> keyValues) {
    Optional<WorkerLogs> logs = WorkerLogs.ofThisProcess();
    if (logs.isEmpty()) {
      System.err.println(level + " " + name + ": " + message);
      if (thrown != null) {
        thrown.printStackTrace();
      }
      return;
    }
    logs.get()
        .send(
            bridge,
            new LogEvent(
                Instant.now(),
                level,
                name,
                message,
                Optional.ofNullable(thrown),
                Thread.currentThread().getName(),
                WorkerMdc.current(),
                markers,
                keyValues));
  }
}
