package dev.procpool.slf4j;

import dev.procpool.spi.ContextCarrier;
import java.util.Map;
import org.apache.logging.log4j.ThreadContext;

/**
 * Takes the map of Log4j's thread context along to the items and callbacks of a call, for programs
 * that use Log4j's own API. Found by the pool. Thread-safe.
 *
 * @since 0.2.0
 */
public final class ThreadContextCarrier implements ContextCarrier {

  private final boolean isThere;

  /** For the pool, which makes one. */
  public ThreadContextCarrier() {
    isThere = isThere();
  }

  private static boolean isThere() {
    try {
      return ThreadContext.class.getName() != null;
    } catch (NoClassDefFoundError e) {
      return false; // programs without Log4j have nothing in it
    }
  }

  @Override
  public String name() {
    return "log4j";
  }

  @Override
  public Map<String, String> capture() {
    return isThere ? MdcCarrier.withoutNulls(ThreadContext.getImmutableContext()) : Map.of();
  }

  @Override
  public Scope restore(Map<String, String> context) {
    if (!isThere) {
      return () -> {};
    }
    Map<String, String> before = ThreadContext.getContext();
    ThreadContext.clearMap();
    ThreadContext.putAll(context);
    return () -> {
      ThreadContext.clearMap();
      ThreadContext.putAll(before);
    };
  }
}
