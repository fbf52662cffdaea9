package dev.procpool.spi;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Where a worker keeps its way to its parent's loggers. */
final class CurrentLogs {

  static final AtomicReference<@Nullable WorkerLogs> HOLDER = new AtomicReference<>();

  private CurrentLogs() {}
}
