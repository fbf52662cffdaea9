package dev.procpool.slf4j;

import org.apache.logging.log4j.spi.Provider;

/**
 * Log4j in a worker: its loggers send to the parent. Chosen in workers alone, by the property
 * {@code log4j.provider}; of no use in another process. Thread-safe.
 *
 * @since 0.2.0
 */
public final class WorkerLog4jProvider extends Provider {

  /** For Log4j, which makes one. */
  public WorkerLog4jProvider() {
    super(0, "2.6.0", WorkerLog4jContextFactory.class);
  }
}
