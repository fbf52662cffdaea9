package dev.procpool;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a thread keeps the context of the task that it runs. */
final class CurrentContext {

  static final ThreadLocal<@Nullable WorkerContext> HOLDER = new ThreadLocal<>();

  /** What the call of that task takes along. */
  static final ThreadLocal<@Nullable Map<String, String>> PAIRS = new ThreadLocal<>();

  private CurrentContext() {}
}
