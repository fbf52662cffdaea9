package dev.procpool.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.inline.InlinePool;
import dev.procpool.local.ProcessPool;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Items are in the trace of whoever makes their call. */
class TraceCarrierTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  @Test
  void workersAreInTheTraceOfTheirCaller() throws Exception {
    try (Pool pool = ProcessPool.create(1)) {
      check(pool);
    }
  }

  @Test
  void threadsOfAnInlinePoolAre() throws Exception {
    try (Pool pool = InlinePool.create(1)) {
      check(pool);
    }
  }

  private static void check(Pool pool) throws Exception {
    SpanContext span =
        SpanContext.create(TRACE, SPAN, TraceFlags.getSampled(), TraceState.getDefault());
    Context context =
        Context.root().with(Span.wrap(span)).with(Baggage.builder().put("tenant", "Ä & b").build());
    CompletableFuture<String> called = new CompletableFuture<>();
    context
        .wrap(
            () -> {
              assertThat(pool.map(x -> current(), List.of(1, 2)))
                  .containsOnly(TRACE + " " + SPAN + " true Ä & b");
              return pool.applyAsync(() -> 1).onSuccess(x -> called.complete(current()));
            })
        .call();
    assertThat(called.get(1, TimeUnit.MINUTES)).startsWith(TRACE);
    assertThat(pool.apply(TraceCarrierTest::isTraced)).as("without a span").isFalse();
  }

  private static boolean isTraced() {
    return Span.current().getSpanContext().isValid();
  }

  private static String current() {
    SpanContext span = Span.current().getSpanContext();
    return span.getTraceId()
        + " "
        + span.getSpanId()
        + " "
        + span.isSampled()
        + " "
        + Baggage.current().getEntryValue("tenant");
  }
}
