package dev.procpool.opentelemetry;

import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolState;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Makes a span for each call of a pool, as an observer of it: a child of the caller's span, from
 * the call's beginning to its end, with events for what went wrong on the way.
 *
 * <pre>{@code
 * PoolSpans spans = PoolSpans.of(openTelemetry, ItemSpans.CHILDREN);
 * Pool pool = ProcessPool.builder().observer(spans).build();
 * }</pre>
 *
 * <ul>
 *   <li>A call's span is named {@code call LABEL}, or {@code call} without a label, and is an error
 *       if an item has not succeeded.
 *   <li>Its events: {@code procpool.item.retry}, {@code procpool.item.timeout}, {@code
 *       procpool.worker.lost}, {@code procpool.item.failure}.
 *   <li>An item's span, if {@link ItemSpans} asks for them, is named {@code item LABEL} and lasts
 *       as long as its last attempt ran. It has the worker, the outcome and what the task threw. It
 *       begins at the item's end less its run time, by this process's clock.
 *   <li>A call has at most so many spans of items as was said, the rest is counted.
 * </ul>
 *
 * <p>Spans that a task starts in its worker are children of the caller's span, as the call's is,
 * not of the item's: that is made when the item has ended. Thread-safe; may watch several pools of
 * different names.
 *
 * @since 0.2.0
 */
public final class PoolSpans implements PoolObserver {

  /** How many spans of items a call has at most, unless told otherwise. */
  private static final int MOST_ITEMS = 1000;

  private final Tracer tracer;
  private final ItemSpans itemSpans;
  private final int mostItems;
  private final Map<Key, CallSpan> open = new ConcurrentHashMap<>();

  /** A call under way. */
  private record Key(String pool, long call) {}

  private PoolSpans(OpenTelemetry telemetry, ItemSpans itemSpans, int mostItems) {
    this.tracer = telemetry.getTracer(Names.SCOPE);
    this.itemSpans = Objects.requireNonNull(itemSpans, "itemSpans");
    this.mostItems = mostItems;
  }

  /**
   * Makes spans of calls alone.
   *
   * @param telemetry where spans go
   * @return the observer
   */
  public static PoolSpans of(OpenTelemetry telemetry) {
    return of(telemetry, ItemSpans.NONE);
  }

  /**
   * Makes spans of calls, and of up to a thousand items of each.
   *
   * @param telemetry where spans go
   * @param itemSpans which spans items have
   * @return the observer
   */
  public static PoolSpans of(OpenTelemetry telemetry, ItemSpans itemSpans) {
    return of(telemetry, itemSpans, MOST_ITEMS);
  }

  /**
   * Makes spans of calls and items.
   *
   * @param telemetry where spans go
   * @param itemSpans which spans items have
   * @param mostItems how many items of a call have one at most; 0 for none
   * @return the observer
   * @throws IllegalArgumentException if {@code mostItems} is negative
   */
  public static PoolSpans of(OpenTelemetry telemetry, ItemSpans itemSpans, int mostItems) {
    if (mostItems < 0) {
      throw new IllegalArgumentException("mostItems must be 0 or more, was " + mostItems);
    }
    return new PoolSpans(telemetry, itemSpans, mostItems);
  }

  @Override
  public void callBegun(PoolEvent.CallBegin event) {
    Context parent =
        TraceCarrier.context(event.carried().getOrDefault(TraceCarrier.NAME, Map.of()));
    Span span =
        tracer
            .spanBuilder(CallSpan.name("call", event.call()))
            .setParent(parent)
            .setStartTimestamp(event.at())
            .setAttribute(Names.POOL, event.pool())
            .setAttribute(Names.CALL, event.call().number())
            .startSpan();
    event.call().label().ifPresent(label -> span.setAttribute(Names.LABEL, label));
    event.total().ifPresent(total -> span.setAttribute(Names.ITEMS, total));
    CallSpan before =
        open.put(
            new Key(event.pool(), event.call().number()),
            new CallSpan(tracer, span, parent, itemSpans, mostItems));
    if (before != null) { // of another pool of this name
      before.abandon(event.at());
    }
  }

  @Override
  public void callEnded(PoolEvent.CallEnd event) {
    CallSpan call = open.remove(new Key(event.pool(), event.call().number()));
    if (call != null) {
      call.end(event);
    }
  }

  @Override
  public void itemsEnded(PoolEvent.ItemsEnd event) {
    if (event.kind() != OutcomeKind.SUCCESS || itemSpans != ItemSpans.NONE) {
      with(event.pool(), event.call(), call -> call.items(event));
    }
  }

  @Override
  public void itemTimedOut(PoolEvent.ItemTimeout event) {
    with(event.pool(), event.call(), call -> call.timedOut(event));
  }

  @Override
  public void itemRetried(PoolEvent.ItemRetry event) {
    with(event.pool(), event.call(), call -> call.retried(event));
  }

  private void with(String pool, PoolEvent.Call call, Consumer<CallSpan> what) {
    CallSpan known = open.get(new Key(pool, call.number()));
    if (known != null) {
      what.accept(known);
    }
  }

  /** Ends what has lost its end, as events may be dropped. */
  @Override
  public void poolChanged(PoolEvent.PoolChange event) {
    if (event.state() == PoolState.TERMINATED) {
      open.entrySet()
          .removeIf(
              each -> {
                boolean isOfPool = each.getKey().pool().equals(event.pool());
                if (isOfPool) {
                  each.getValue().abandon(event.at());
                }
                return isOfPool;
              });
    }
  }

  /** The type of an error, as the semantic conventions have it. */
  static String errorType(Outcome<?> outcome) {
    if (outcome instanceof Outcome.Failure<?> failure) {
      return failure.error().getClass().getName();
    }
    return Names.of(OutcomeKind.of(outcome));
  }
}
