package dev.procpool.slf4j;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.MDC;

/**
 * The diagnostic context of the current thread: SLF4J's, and Log4j's where that is in use, since
 * each record should have both, as where one of these is built on the other. Thread-safe.
 */
final class WorkerMdc {

  /** Log4j's; empty until its provider was made. */
  private static volatile Supplier<Map<String, String>> log4j = Map::of;

  private WorkerMdc() {}

  static void addLog4j(Supplier<Map<String, String>> context) {
    log4j = context;
  }

  static Map<String, String> current() {
    Map<String, String> slf4j = MDC.getCopyOfContextMap();
    Map<String, String> other = log4j.get();
    if (slf4j == null || slf4j.isEmpty()) {
      return other;
    } else if (other.isEmpty()) {
      return slf4j;
    }
    Map<String, String> both = new HashMap<>(other);
    both.putAll(slf4j);
    return both;
  }
}
