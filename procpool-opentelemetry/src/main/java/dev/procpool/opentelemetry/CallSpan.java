package dev.procpool.opentelemetry;

import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import dev.procpool.PoolEvent;
import dev.procpool.spi.Nanos;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;

/** The span of a call under way. Owned by the observer's thread of the call's pool. */
final class CallSpan {

  /** So many failures of a call have events, the rest is counted. */
  private static final int MOST_FAILURES = 20;

  private final Tracer tracer;
  private final Span span;
  private final Context caller;
  private final ItemSpans itemSpans;
  private int spansLeft;
  private long unseen;
  private int failuresLeft = MOST_FAILURES;

  CallSpan(Tracer tracer, Span span, Context caller, ItemSpans itemSpans, int mostItems) {
    this.tracer = tracer;
    this.span = span;
    this.caller = caller;
    this.itemSpans = itemSpans;
    this.spansLeft = mostItems;
  }

  static String name(String what, PoolEvent.Call call) {
    return call.label().map(label -> what + " " + label).orElse(what);
  }

  // ------------------------------------------------------------------ items

  void items(PoolEvent.ItemsEnd event) {
    for (int i = 0; i < event.size(); i++) {
      if (event.kind() != OutcomeKind.SUCCESS) {
        failed(event.item(i));
      }
      if (itemSpans != ItemSpans.NONE && event.attempts() > 0) {
        if (spansLeft == 0) {
          unseen += 1;
        } else {
          spansLeft--;
          item(event.item(i));
        }
      }
    }
  }

  private void failed(PoolEvent.ItemEnd item) {
    if (failuresLeft == 0 || item.outcome().isEmpty()) {
      return; // the call's end says how many
    }
    failuresLeft--;
    Outcome<?> outcome = item.outcome().get();
    lost(outcome, item.index(), item.at());
    span.addEvent(
        "procpool.item.failure",
        Attributes.of(
            Names.INDEX, item.index(),
            Names.ATTEMPTS, (long) item.attempts(),
            Names.OUTCOME, Names.of(item.kind()),
            Names.ERROR, PoolSpans.errorType(outcome)),
        item.at());
  }

  private void lost(Outcome<?> outcome, long index, Instant at) {
    if (outcome instanceof Outcome.WorkerLost<?> lost) {
      AttributesBuilder attributes =
          Attributes.builder()
              .put(Names.INDEX, index)
              .put(Names.PID, lost.exit().pid())
              .put(Names.REASON, Names.of(lost.exit().reason()));
      if (!lost.exit().host().isEmpty()) {
        attributes.put(Names.HOST, lost.exit().host());
      }
      span.addEvent("procpool.worker.lost", attributes.build(), at);
    }
  }

  private void item(PoolEvent.ItemEnd item) {
    SpanBuilder builder =
        tracer
            .spanBuilder(name("item", item.call()))
            .setStartTimestamp(item.at().minusNanos(item.runNanos()))
            .setAttribute(Names.POOL, item.pool())
            .setAttribute(Names.CALL, item.call().number())
            .setAttribute(Names.INDEX, item.index())
            .setAttribute(Names.ATTEMPTS, (long) item.attempts())
            .setAttribute(Names.OUTCOME, Names.of(item.kind()));
    item.call().label().ifPresent(label -> builder.setAttribute(Names.LABEL, label));
    item.worker()
        .ifPresent(
            worker -> {
              builder.setAttribute(Names.WORKER, (long) worker.number());
              builder.setAttribute(Names.PID, worker.pid());
              if (!worker.host().isEmpty()) {
                builder.setAttribute(Names.HOST, worker.host());
              }
            });
    if (itemSpans == ItemSpans.LINKED) {
      builder.setNoParent().addLink(span.getSpanContext());
    } else {
      builder.setParent(caller.with(span));
    }
    Span itemSpan = builder.startSpan();
    try { // an exception of users' may throw when it is asked what it is
      item.outcome().ifPresent(outcome -> describe(itemSpan, outcome));
    } finally {
      itemSpan.end(item.at());
    }
  }

  private static void describe(Span itemSpan, Outcome<?> outcome) {
    itemSpan.setAttribute(Names.ERROR, PoolSpans.errorType(outcome));
    if (outcome instanceof Outcome.Failure<?> failure) {
      itemSpan.recordException(failure.error());
      itemSpan.setStatus(StatusCode.ERROR, failure.error().toString());
    } else if (outcome instanceof Outcome.WorkerLost<?> lost) {
      itemSpan.setStatus(StatusCode.ERROR, lost.exit().describe());
    } else {
      itemSpan.setStatus(StatusCode.ERROR, Names.of(OutcomeKind.of(outcome)));
    }
  }

  // ------------------------------------------------------------------ on the way

  void timedOut(PoolEvent.ItemTimeout event) {
    span.addEvent(
        "procpool.item.timeout",
        Attributes.of(
            Names.INDEX,
            event.index(),
            Names.ATTEMPTS,
            (long) event.attempt(),
            Names.LIMIT,
            Names.of(event.kind()),
            Names.WORKER,
            (long) event.worker().number()),
        event.at());
  }

  void retried(PoolEvent.ItemRetry event) {
    lost(event.outcome(), event.index(), event.at());
    span.addEvent(
        "procpool.item.retry",
        Attributes.of(
            Names.INDEX,
            event.index(),
            Names.ATTEMPTS,
            (long) event.outcome().attempts(),
            Names.ERROR,
            PoolSpans.errorType(event.outcome()),
            Names.DELAY,
            Nanos.of(event.delay()) / 1e9,
            Names.WORKER,
            (long) event.worker().number()),
        event.at());
  }

  // ------------------------------------------------------------------ the end

  void end(PoolEvent.CallEnd event) {
    span.setAttribute(Names.DONE, event.done());
    span.setAttribute(Names.FAILED, event.failed());
    if (event.failed() > 0) {
      span.setStatus(
          StatusCode.ERROR, event.failed() + " of " + event.done() + " items without success");
    }
    close(event.at());
  }

  /** Its end was not told. */
  void abandon(Instant at) {
    span.setStatus(StatusCode.ERROR, "the end of this call was not told");
    close(at);
  }

  private void close(Instant at) {
    if (unseen > 0) {
      span.setAttribute(Names.UNSEEN, unseen);
    }
    span.end(at);
  }
}
