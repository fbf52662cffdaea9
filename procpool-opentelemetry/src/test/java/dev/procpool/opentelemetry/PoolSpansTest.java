package dev.procpool.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The spans that calls on real workers leave behind. A pool's end waits until all are told. */
class PoolSpansTest {

  @RegisterExtension
  static final OpenTelemetryExtension TELEMETRY = OpenTelemetryExtension.create();

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static Pool pool(PoolSpans spans) {
    return ProcessPool.builder().workers(1).name("p").observer(spans).build();
  }

  private static SpanData span(String name) {
    return TELEMETRY.getSpans().stream()
        .filter(each -> each.getName().equals(name))
        .findAny()
        .orElseThrow(() -> new AssertionError(name + " not in " + TELEMETRY.getSpans()));
  }

  private static List<SpanData> spans(String name) {
    return TELEMETRY.getSpans().stream().filter(each -> each.getName().equals(name)).toList();
  }

  private static List<String> events(SpanData span) {
    return span.getEvents().stream().map(EventData::getName).toList();
  }

  private static Object attribute(SpanData span, AttributeKey<?> key) {
    return span.getAttributes().get(key);
  }

  @Test
  void aCallIsAChildOfItsCallersSpanAndItsItemsAreChildrenOfIt() throws Exception {
    try (Pool pool = pool(PoolSpans.of(TELEMETRY.getOpenTelemetry(), ItemSpans.CHILDREN))) {
      Span request = TELEMETRY.getOpenTelemetry().getTracer("test").spanBuilder("GET").startSpan();
      try (Scope scope = request.makeCurrent()) {
        assertThat(scope).isNotNull();
        pool.with(TaskOptions.defaults().label("double")).map(x -> 2 * x, numbers(3));
      } finally {
        request.end();
      }
      pool.apply(() -> 1); // by nobody's request
    }
    SpanData request = span("GET");
    SpanData call = span("call double");
    assertThat(call.getTraceId()).isEqualTo(request.getTraceId());
    assertThat(call.getParentSpanId()).isEqualTo(request.getSpanId());
    assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(attribute(call, Names.POOL)).isEqualTo("p");
    assertThat(attribute(call, Names.ITEMS)).isEqualTo(3L);
    assertThat(attribute(call, Names.DONE)).isEqualTo(3L);
    assertThat(attribute(call, Names.FAILED)).isEqualTo(0L);
    assertThat(spans("item double"))
        .hasSize(3)
        .allSatisfy(
            item -> {
              assertThat(item.getParentSpanId()).isEqualTo(call.getSpanId());
              assertThat(item.getStartEpochNanos()).isLessThanOrEqualTo(item.getEndEpochNanos());
              assertThat(attribute(item, Names.OUTCOME)).isEqualTo("success");
              assertThat(attribute(item, Names.PID)).isNotNull();
            })
        .extracting(item -> attribute(item, Names.INDEX))
        .containsExactlyInAnyOrder(0L, 1L, 2L);
    SpanData alone = span("call");
    assertThat(alone.getParentSpanContext().isValid()).isFalse();
    assertThat(alone.getTraceId()).isNotEqualTo(request.getTraceId());
  }

  @Test
  void whatGoesWrongIsInTheCallsEventsAndStatus() throws Exception {
    try (Pool pool = pool(PoolSpans.of(TELEMETRY.getOpenTelemetry(), ItemSpans.CHILDREN))) {
      pool.with(
              TaskOptions.defaults()
                  .label("fail")
                  .retry(RetryPolicy.attempts(2).on(IllegalStateException.class)))
          .mapAsync(
              x -> {
                if (x == 1) {
                  throw new IllegalStateException("no");
                }
                return x;
              },
              numbers(2))
          .outcomes();
      pool.with(TaskOptions.defaults().label("hang").timeout(Duration.ofMillis(100)))
          .mapAsync(
              x -> {
                Thread.sleep(60_000);
                return x;
              },
              numbers(1))
          .outcomes();
      pool.with(TaskOptions.defaults().label("lose").retry(RetryPolicy.attempts(2).onWorkerLost()))
          .mapAsync(
              x -> {
                Runtime.getRuntime().halt(3);
                return x;
              },
              numbers(1))
          .outcomes();
    }
    SpanData fail = span("call fail");
    assertThat(events(fail)).containsExactly("procpool.item.retry", "procpool.item.failure");
    assertThat(fail.getEvents().get(0).getAttributes().get(Names.INDEX)).isEqualTo(1L);
    assertThat(fail.getEvents().get(1).getAttributes().get(Names.ATTEMPTS)).isEqualTo(2L);
    assertThat(fail.getEvents().get(1).getAttributes().get(Names.ERROR))
        .isEqualTo("java.lang.IllegalStateException");
    assertThat(fail.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(fail.getStatus().getDescription()).isEqualTo("1 of 2 items without success");
    SpanData failed =
        spans("item fail").stream()
            .filter(item -> Long.valueOf(1).equals(attribute(item, Names.INDEX)))
            .findAny()
            .orElseThrow();
    assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(events(failed)).containsExactly("exception");
    SpanData hang = span("call hang");
    assertThat(events(hang)).containsExactly("procpool.item.timeout", "procpool.item.failure");
    SpanData lose = span("call lose");
    assertThat(events(lose))
        .containsExactly(
            "procpool.worker.lost",
            "procpool.item.retry",
            "procpool.worker.lost",
            "procpool.item.failure");
    assertThat(lose.getEvents().get(0).getAttributes().get(Names.REASON)).isEqualTo("exited");
    assertThat(span("item lose").getStatus().getDescription()).contains("exited with code 3");
  }

  @Test
  void aDelayWithoutEndIsToldLikeAnother() throws Exception {
    Duration forever = ChronoUnit.FOREVER.getDuration();
    RetryPolicy policy = RetryPolicy.attempts(2).backoff(forever, forever);
    CountDownLatch retried = new CountDownLatch(1);
    try (Pool pool = pool(PoolSpans.of(TELEMETRY.getOpenTelemetry()))) {
      pool.observe(
          new PoolObserver() {
            @Override
            public void itemRetried(PoolEvent.ItemRetry event) {
              retried.countDown();
            }
          });
      var result =
          pool.with(TaskOptions.defaults().retry(policy))
              .mapAsync(
                  x -> {
                    throw new IllegalStateException("no");
                  },
                  numbers(1));
      assertThat(retried.await(1, TimeUnit.MINUTES)).isTrue();
      result.cancel(true);
    }
    EventData retry = span("call").getEvents().get(0);
    assertThat(retry.getName()).isEqualTo("procpool.item.retry");
    assertThat(retry.getAttributes().get(Names.DELAY)).isGreaterThan(1e9);
  }

  @Test
  void itemsMayHaveTracesOfTheirOwnWithALink() throws Exception {
    try (Pool pool = pool(PoolSpans.of(TELEMETRY.getOpenTelemetry(), ItemSpans.LINKED, 2))) {
      pool.map(x -> x, numbers(5));
    }
    SpanData call = span("call");
    assertThat(attribute(call, Names.UNSEEN)).isEqualTo(3L);
    assertThat(spans("item"))
        .hasSize(2)
        .allSatisfy(
            item -> {
              assertThat(item.getParentSpanContext().isValid()).isFalse();
              assertThat(item.getTraceId()).isNotEqualTo(call.getTraceId());
              assertThat(item.getLinks())
                  .singleElement()
                  .satisfies(
                      link -> assertThat(link.getSpanContext()).isEqualTo(call.getSpanContext()));
            });
  }

  @Test
  void itemsHaveNoneUnlessAskedFor() throws Exception {
    try (Pool pool = pool(PoolSpans.of(TELEMETRY.getOpenTelemetry()))) {
      pool.map(x -> x, numbers(5));
    }
    assertThat(TELEMETRY.getSpans()).extracting(SpanData::getName).containsExactly("call");
    assertThat(attribute(span("call"), Names.DONE)).isEqualTo(5L);
    assertThatThrownBy(() -> PoolSpans.of(TELEMETRY.getOpenTelemetry(), ItemSpans.CHILDREN, -1))
        .hasMessageContaining("mostItems");
  }
}
