package dev.procpool.slf4j;

import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * SLF4J in a worker: its loggers send to the parent. Chosen in workers alone, by the property
 * {@code slf4j.provider}; of no use in another process. Thread-safe.
 *
 * @since 0.2.0
 */
public final class WorkerServiceProvider implements SLF4JServiceProvider {

  private final WorkerLoggerFactory loggers = new WorkerLoggerFactory();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter mdc = new BasicMDCAdapter();

  /** For SLF4J, which makes one. */
  public WorkerServiceProvider() {}

  @Override
  public ILoggerFactory getLoggerFactory() {
    return loggers;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return mdc;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99"; // any 2.0, in SLF4J's own convention
  }

  @Override
  public void initialize() {
    // nothing to be read or opened
  }
}
