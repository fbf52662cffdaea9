package dev.procpool.spi;

import java.util.Map;
import java.util.Optional;

/**
 * Connects a logging library in workers with the same library in their parent, so that workers open
 * none of the application's log files. The parent finds bridges by {@link java.util.ServiceLoader}
 * in the class loader that has procpool; a bridge is used by every pool of the process.
 *
 * <p>What a bridge is in the worker is up to its library: a provider, an appender. It is chosen
 * there by {@link #workerProperties}, and sends through {@link WorkerLogs}.
 *
 * <p>Thread-safe.
 *
 * @since 0.2.0
 */
public interface LogBridge {

  /**
   * Names this bridge, for its part in the worker to use with {@link WorkerLogs}.
   *
   * @return a name that no other bridge has
   */
  String name();

  /**
   * Gives the system properties that have a worker's library log through this bridge. A worker sets
   * those that it does not have, before it runs any code of the user's.
   *
   * @return names and values; empty if the library is not there
   */
  Map<String, String> workerProperties();

  /**
   * Tells what a logger of the parent takes, so that workers send nothing else. It is asked once
   * for each name that a worker uses, and once a second for changes; on a thread of the pool's.
   *
   * @param logger the logger's name
   * @return the lowest level that it takes, {@code OFF} for none; empty if the parent has no
   *     loggers of this library: a consumer of the pool's then gets {@code INFO} and above
   */
  Optional<System.Logger.Level> threshold(String logger);

  /**
   * Logs a worker's record to the parent's logger of the same name. Called on a thread that carries
   * nothing else, for one record at a time.
   *
   * @param event the record; its {@code mdc} is that of the worker's thread, with {@link
   *     LogEvent#WORKER}, {@link LogEvent#CALL} and {@link LogEvent#ITEM}
   */
  void log(LogEvent event);
}
