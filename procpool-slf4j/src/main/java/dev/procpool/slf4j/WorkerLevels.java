package dev.procpool.slf4j;

import org.slf4j.event.Level;

/** SLF4J's levels in the terms in which records travel, and back: each has its like. */
final class WorkerLevels {

  private WorkerLevels() {}

  static System.Logger.Level of(Level level) {
    return switch (level) {
      case TRACE -> System.Logger.Level.TRACE;
      case DEBUG -> System.Logger.Level.DEBUG;
      case INFO -> System.Logger.Level.INFO;
      case WARN -> System.Logger.Level.WARNING;
      case ERROR -> System.Logger.Level.ERROR;
    };
  }

  static Level slf4j(System.Logger.Level level) {
    return switch (level) {
      case ALL, TRACE -> Level.TRACE;
      case DEBUG -> Level.DEBUG;
      case INFO -> Level.INFO;
      case WARNING -> Level.WARN;
      case ERROR, OFF -> Level.ERROR;
    };
  }
}
