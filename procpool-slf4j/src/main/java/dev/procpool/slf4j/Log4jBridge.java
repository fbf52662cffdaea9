package dev.procpool.slf4j;

import dev.procpool.spi.LogBridge;
import dev.procpool.spi.LogEvent;
import java.util.Map;
import java.util.Optional;

/**
 * Brings what workers log with Log4j's own API to this process's Log4j, where there is one. Found
 * by the pool. Thread-safe.
 *
 * @since 0.2.0
 */
public final class Log4jBridge implements LogBridge {

  static final String NAME = "log4j";

  /** For the pool, which makes one. */
  public Log4jBridge() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> workerProperties() {
    try {
      return Log4jParent.workerProperties();
    } catch (NoClassDefFoundError e) {
      return Map.of(); // a program without Log4j; then nobody calls the other methods
    }
  }

  @Override
  public Optional<System.Logger.Level> threshold(String logger) {
    return Log4jParent.threshold(logger);
  }

  @Override
  public void log(LogEvent event) {
    Log4jParent.log(event);
  }
}
