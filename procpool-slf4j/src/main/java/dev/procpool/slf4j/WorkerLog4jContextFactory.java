package dev.procpool.slf4j;

import java.net.URI;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.spi.LoggerContext;
import org.apache.logging.log4j.spi.LoggerContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * Gives a worker's one context of Log4j. Chosen in workers alone, before Log4j 2.24 by the property
 * {@code log4j2.loggerContextFactory}. Thread-safe.
 *
 * @since 0.2.0
 */
public final class WorkerLog4jContextFactory implements LoggerContextFactory {

  private final LoggerContext context = new WorkerLog4jContext();

  /** For Log4j, which makes one. */
  public WorkerLog4jContextFactory() {
    WorkerMdc.addLog4j(ThreadContext::getImmutableContext);
  }

  @Override
  public LoggerContext getContext(
      String fqcn,
      @Nullable ClassLoader loader,
      @Nullable Object externalContext,
      boolean currentContext) {
    return context;
  }

  @Override
  public LoggerContext getContext(
      String fqcn,
      @Nullable ClassLoader loader,
      @Nullable Object externalContext,
      boolean currentContext,
      @Nullable URI configLocation,
      @Nullable String name) {
    return context;
  }

  @Override
  public void removeContext(LoggerContext removed) {
    // there is one, for as long as the process
  }

  @Override
  public boolean isClassLoaderDependent() {
    return false;
  }
}
