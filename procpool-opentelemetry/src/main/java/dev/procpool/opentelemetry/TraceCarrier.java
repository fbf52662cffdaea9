package dev.procpool.opentelemetry;

import dev.procpool.spi.ContextCarrier;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the current span and the baggage along to the items and callbacks of a call, in the form of
 * the W3C's headers: spans that an item starts are children of the caller's. Found by the pool.
 * Workers need no more of OpenTelemetry than the API for this; spans of their own need its SDK, set
 * up in the initializer or by an agent. Thread-safe.
 *
 * @since 0.2.0
 */
public final class TraceCarrier implements ContextCarrier {

  /** Not what the program is set up with: workers may be set up otherwise, or not at all. */
  private static final TextMapPropagator FORM =
      TextMapPropagator.composite(
          W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance());

  /** Reads a map. */
  private enum Getter implements TextMapGetter<Map<String, String>> {
    INSTANCE;

    @Override
    @SuppressWarnings("deprecation") // in earlier releases of the library each has to have it
    public Iterable<String> keys(Map<String, String> carrier) {
      return carrier.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
      return carrier == null ? null : carrier.get(key);
    }
  }

  /** What {@link #name()} gives. */
  static final String NAME = "opentelemetry";

  /** For the pool, which makes one. */
  public TraceCarrier() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> capture() {
    Map<String, String> headers = new HashMap<>();
    FORM.inject(
        Context.current(),
        headers,
        (into, name, value) -> {
          if (into != null) {
            into.put(name, value);
          }
        });
    return headers;
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // the pool closes what it is given here
  public Scope restore(Map<String, String> context) {
    io.opentelemetry.context.Scope scope = context(context).makeCurrent();
    return scope::close;
  }

  /** What was captured. */
  static Context context(Map<String, String> captured) {
    return FORM.extract(Context.root(), captured, Getter.INSTANCE);
  }
}
