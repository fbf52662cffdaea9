package dev.procpool.slf4j;

import dev.procpool.spi.LogBridge;
import dev.procpool.spi.LogEvent;
import java.security.CodeSource;
import java.util.Map;
import java.util.Optional;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.NOPLoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Brings what workers log with SLF4J to this process's SLF4J. Found by the pool. Thread-safe.
 *
 * @since 0.2.0
 */
public final class Slf4jBridge implements LogBridge {

  static final String NAME = "slf4j";

  /** Since SLF4J 2.0.9. */
  private static final String PROVIDER = "slf4j.provider";

  /** Else SLF4J prints that it obeys the other property. */
  private static final String VERBOSITY = "slf4j.internal.verbosity";

  /** Where Spring Boot reads what to set up; it takes no other SLF4J than Logback's. */
  private static final String SPRING_BOOT = "org.springframework.boot.logging.LoggingSystem";

  private final LoggerCache<org.slf4j.Logger> loggers =
      new LoggerCache<>(LoggerFactory::getLogger, org.slf4j.Logger.ROOT_LOGGER_NAME);

  /** For the pool, which makes one. */
  public Slf4jBridge() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> workerProperties() {
    if (!PublicFields.has(LoggerFactory.class, "PROVIDER_PROPERTY_KEY")) {
      warnOfOldApi();
      return Map.of();
    }
    return Map.of(
        PROVIDER, WorkerServiceProvider.class.getName(), VERBOSITY, "WARN", SPRING_BOOT, "none");
  }

  private static void warnOfOldApi() {
    CodeSource source = LoggerFactory.class.getProtectionDomain().getCodeSource();
    try {
      System.getLogger("dev.procpool")
          .log(
              System.Logger.Level.WARNING,
              "procpool-slf4j needs slf4j-api 2.0.9 or later, the one here is older ("
                  + (source == null ? LoggerFactory.class : source.getLocation())
                  + "): workers log by themselves, to the same files as this process if it has"
                  + " any");
    } catch (Throwable e) {
      // the program's own logging has failed: it is told nothing, and the pool starts all the same
    }
  }

  @Override
  public Optional<System.Logger.Level> threshold(String logger) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    return factory instanceof NOPLoggerFactory
        ? Optional.empty()
        : Optional.of(threshold(loggers.get(logger)));
  }

  private static System.Logger.Level threshold(org.slf4j.Logger logger) {
    if (logger.isTraceEnabled()) {
      return System.Logger.Level.TRACE;
    } else if (logger.isDebugEnabled()) {
      return System.Logger.Level.DEBUG;
    } else if (logger.isInfoEnabled()) {
      return System.Logger.Level.INFO;
    } else if (logger.isWarnEnabled()) {
      return System.Logger.Level.WARNING;
    }
    return logger.isErrorEnabled() ? System.Logger.Level.ERROR : System.Logger.Level.OFF;
  }

  @Override
  public void log(LogEvent event) {
    org.slf4j.Logger logger = loggers.get(event.logger());
    Map<String, String> before = MDC.getCopyOfContextMap();
    MDC.setContextMap(event.mdc());
    try {
      WorkerThreadName.runWith(event, () -> log(logger, event));
    } finally {
      if (before == null) {
        MDC.clear();
      } else {
        MDC.setContextMap(before);
      }
    }
  }

  private static void log(org.slf4j.Logger logger, LogEvent event) {
    if (!event.keyValues().isEmpty() || event.markers().size() > 1) {
      fluently(logger, event);
      return;
    }
    // not fluently if it can be helped: some libraries ask their filters only here
    Marker marker =
        event.markers().isEmpty() ? null : MarkerFactory.getMarker(event.markers().get(0));
    Throwable thrown = event.thrown().orElse(null);
    switch (WorkerLevels.slf4j(event.level())) {
      case TRACE -> logger.trace(marker, event.message(), thrown);
      case DEBUG -> logger.debug(marker, event.message(), thrown);
      case INFO -> logger.info(marker, event.message(), thrown);
      case WARN -> logger.warn(marker, event.message(), thrown);
      case ERROR -> logger.error(marker, event.message(), thrown);
    }
  }

  private static void fluently(org.slf4j.Logger logger, LogEvent event) {
    Level level = WorkerLevels.slf4j(event.level());
    LoggingEventBuilder builder = logger.atLevel(level);
    for (String name : event.markers()) {
      builder = builder.addMarker(MarkerFactory.getMarker(name));
    }
    for (Map.Entry<String, Object> pair : event.keyValues().entrySet()) {
      builder = builder.addKeyValue(pair.getKey(), pair.getValue());
    }
    if (event.thrown().isPresent()) {
      builder = builder.setCause(event.thrown().get());
    }
    builder.log(event.message());
  }
}
