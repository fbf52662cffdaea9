package dev.procpool.slf4j;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;

/** A worker's SLF4J loggers, one of a name. Thread-safe. */
final class WorkerLoggerFactory implements ILoggerFactory {

  private final Map<String, Logger> loggers = new ConcurrentHashMap<>();

  @Override
  public Logger getLogger(String name) {
    Logger known = loggers.get(name);
    return known != null ? known : loggers.computeIfAbsent(name, WorkerLogger::new);
  }
}
