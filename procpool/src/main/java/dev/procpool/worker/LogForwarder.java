package dev.procpool.worker;

import dev.procpool.spi.LogEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * A handler of {@code java.util.logging} that sends records to the pool. Thread-safe.
 *
 * <p>The only class of the worker that needs the module {@code java.logging}.
 */
final class LogForwarder extends Handler {

  private final LogSender sender;

  private LogForwarder(LogSender sender) {
    this.sender = sender;
    setFormatter(new SimpleFormatter()); // localizes and fills in parameters
  }

  /** Puts one in the place of the root logger's console handlers, and keeps it there. */
  static void install(LogSender sender) {
    LogForwarder forwarder = new LogForwarder(sender);
    forwarder.takePlace();
    // a task that reads a configuration closes and removes all handlers
    LogManager.getLogManager().addConfigurationListener(forwarder::takePlace);
  }

  private void takePlace() {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      if (handler instanceof ConsoleHandler || handler == this) {
        root.removeHandler(handler);
      }
    }
    root.addHandler(this);
  }

  @Override
  public void publish(LogRecord record) {
    if (!isLoggable(record)) {
      return;
    }
    String name = record.getLoggerName();
    sender.send(
        "",
        new LogEvent(
            record.getInstant(),
            level(record.getLevel()),
            name == null ? "" : name,
            String.valueOf(getFormatter().formatMessage(record)),
            Optional.ofNullable(record.getThrown()),
            Thread.currentThread().getName(),
            Map.of(),
            List.of(),
            Map.of()));
  }

  /** The highest of {@link System.Logger.Level} that is not above the level. */
  private static System.Logger.Level level(Level level) {
    System.Logger.Level found = System.Logger.Level.TRACE;
    for (System.Logger.Level one : System.Logger.Level.values()) {
      boolean isReal = one != System.Logger.Level.ALL && one != System.Logger.Level.OFF;
      if (isReal && one.getSeverity() <= level.intValue()) {
        found = one;
      }
    }
    return found;
  }

  @Override
  public void flush() {
    // nothing is kept
  }

  @Override
  public void close() {
    // the channel is the process's
  }
}
