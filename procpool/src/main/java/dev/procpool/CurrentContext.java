package dev.procpool;

import org.jspecify.annotations.Nullable;

/** Where a thread keeps the context of the task that it runs. */
final class CurrentContext {

  static final ThreadLocal<@Nullable WorkerContext> HOLDER = new ThreadLocal<>();

  private CurrentContext() {}
}
