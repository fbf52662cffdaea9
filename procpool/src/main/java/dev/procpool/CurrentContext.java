package dev.procpool;

/** Where a thread keeps the context of the task that it runs. */
final class CurrentContext {

  static final ThreadLocal<WorkerContext> HOLDER = new ThreadLocal<>();

  private CurrentContext() {}
}
