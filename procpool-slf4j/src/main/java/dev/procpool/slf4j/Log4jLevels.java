package dev.procpool.slf4j;

import org.apache.logging.log4j.Level;

/**
 * Log4j's levels in the terms in which records travel, and back. {@code FATAL} becomes {@code
 * ERROR}; a level of the user's becomes the next lower one that there is.
 */
final class Log4jLevels {

  private Log4jLevels() {}

  static System.Logger.Level of(Level level) {
    return switch (level.getStandardLevel()) {
      case FATAL, ERROR, OFF -> System.Logger.Level.ERROR;
      case WARN -> System.Logger.Level.WARNING;
      case INFO -> System.Logger.Level.INFO;
      case DEBUG -> System.Logger.Level.DEBUG;
      case TRACE, ALL -> System.Logger.Level.TRACE;
    };
  }

  static System.Logger.Level threshold(Level level) {
    return level.equals(Level.OFF) ? System.Logger.Level.OFF : of(level);
  }

  static Level of(System.Logger.Level level) {
    return switch (level) {
      case ALL, TRACE -> Level.TRACE;
      case DEBUG -> Level.DEBUG;
      case INFO -> Level.INFO;
      case WARNING -> Level.WARN;
      case ERROR, OFF -> Level.ERROR;
    };
  }
}
