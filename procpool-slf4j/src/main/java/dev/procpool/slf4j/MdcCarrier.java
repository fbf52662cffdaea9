package dev.procpool.slf4j;

import dev.procpool.spi.ContextCarrier;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.MDC;

/**
 * Takes SLF4J's mapped diagnostic context along to the items and callbacks of a call. Found by the
 * pool. Thread-safe.
 *
 * @since 0.2.0
 */
public final class MdcCarrier implements ContextCarrier {

  /** For the pool, which makes one. */
  public MdcCarrier() {}

  @Override
  public String name() {
    return "slf4j";
  }

  @Override
  public Map<String, String> capture() {
    return withoutNulls(MDC.getCopyOfContextMap());
  }

  static Map<String, String> withoutNulls(Map<String, String> context) {
    if (context == null || context.isEmpty()) {
      return Map.of();
    }
    Map<String, String> known = new HashMap<>(context);
    known.values().removeIf(value -> value == null);
    return known;
  }

  @Override
  public Scope restore(Map<String, String> context) {
    Map<String, String> before = MDC.getCopyOfContextMap();
    MDC.setContextMap(new HashMap<>(context));
    return () -> {
      if (before == null) {
        MDC.clear();
      } else {
        MDC.setContextMap(before);
      }
    };
  }
}
