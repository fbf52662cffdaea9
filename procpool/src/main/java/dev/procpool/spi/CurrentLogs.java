package dev.procpool.spi;

import java.util.concurrent.atomic.AtomicReference;

/** Where a worker keeps its way to its parent's loggers. */
final class CurrentLogs {

  static final AtomicReference<WorkerLogs> HOLDER = new AtomicReference<>();

  private CurrentLogs() {}
}
