package dev.procpool.slf4j;

import dev.procpool.spi.LogEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.MarkerManager;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.logging.log4j.simple.SimpleLoggerContextFactory;
import org.apache.logging.log4j.spi.Provider;

/** The parent's Log4j. Can't be loaded in a program that has none. Thread-safe. */
final class Log4jParent {

  private static final LoggerCache<Logger> LOGGERS =
      new LoggerCache<>(LogManager::getLogger, LogManager.ROOT_LOGGER_NAME);

  private Log4jParent() {}

  /** How a worker's Log4j is told of its provider; the second way before Log4j 2.24. */
  static Map<String, String> workerProperties() {
    return PublicFields.has(Provider.class, "PROVIDER_PROPERTY_NAME")
        ? Map.of("log4j.provider", WorkerLog4jProvider.class.getName())
        : Map.of("log4j2.loggerContextFactory", WorkerLog4jContextFactory.class.getName());
  }

  static Optional<System.Logger.Level> threshold(String logger) {
    if (LogManager.getFactory() instanceof SimpleLoggerContextFactory) {
      return Optional.empty(); // the API alone
    }
    Level level = LOGGERS.get(logger).getLevel();
    return Optional.of(level == null ? System.Logger.Level.INFO : Log4jLevels.threshold(level));
  }

  static void log(LogEvent event) {
    Logger logger = LOGGERS.get(event.logger());
    Map<String, String> before = ThreadContext.getImmutableContext();
    Map<String, String> context = new HashMap<>(event.mdc());
    event.keyValues().forEach((key, value) -> context.put(key, String.valueOf(value)));
    ThreadContext.clearMap();
    ThreadContext.putAll(context);
    try {
      WorkerThreadName.runWith(event, () -> log(logger, event));
    } finally {
      ThreadContext.clearMap();
      ThreadContext.putAll(before);
    }
  }

  private static void log(Logger logger, LogEvent event) {
    List<String> markers = event.markers(); // the first is the record's own
    Marker marker = markers.isEmpty() ? null : MarkerManager.getMarker(markers.get(0));
    Message message = new SimpleMessage(event.message());
    logger.log(Log4jLevels.of(event.level()), marker, message, event.thrown().orElse(null));
  }
}
