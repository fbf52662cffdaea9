package dev.procpool.bench;

import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.local.ProcessPool;
import dev.procpool.micrometer.PoolMetrics;
import dev.procpool.opentelemetry.ItemSpans;
import dev.procpool.opentelemetry.PoolMeters;
import dev.procpool.opentelemetry.PoolSpans;
import dev.procpool.view.PoolView;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.Recording;

/** A pool and all that watches it. One thread uses it. */
final class WatchedPool implements AutoCloseable {

  private final Pool pool;
  private final boolean isRecorded;
  private final Deque<Runnable> toClose;

  private WatchedPool(Pool pool, boolean isRecorded, Deque<Runnable> toClose) {
    this.pool = pool;
    this.isRecorded = isRecorded;
    this.toClose = toClose;
  }

  static WatchedPool open(Set<Watcher> watchers, ProcessPool.Builder builder) throws IOException {
    Deque<Runnable> toClose = new ArrayDeque<>();
    PoolMetrics metrics = new PoolMetrics();
    PoolMeters meters = null;
    if (watchers.contains(Watcher.OBSERVER)) {
      builder.observer(new Everything());
    }
    if (watchers.contains(Watcher.METRICS)) {
      metrics.bindTo(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
      builder.observer(metrics);
      toClose.addFirst(metrics::close);
    }
    if (watchers.contains(Watcher.TRACES)) {
      OpenTelemetrySdk telemetry = telemetry();
      meters = new PoolMeters(telemetry);
      builder.observer(PoolSpans.of(telemetry, ItemSpans.CHILDREN)).observer(meters);
      toClose.addFirst(telemetry::close);
      toClose.addFirst(meters::close);
    }
    Pool pool = builder.build();
    toClose.addFirst(pool::close);
    if (watchers.contains(Watcher.METRICS)) {
      metrics.watch(pool);
    }
    if (meters != null) {
      meters.watch(pool);
    }
    if (watchers.contains(Watcher.PAGE)) {
      PoolView view = PoolView.open(pool);
      toClose.addFirst(view::close);
      toClose.addFirst(PageReader.start(view.url())::close);
    }
    return new WatchedPool(pool, watchers.contains(Watcher.RECORDER), toClose);
  }

  private static OpenTelemetrySdk telemetry() {
    SpanExporter nowhere = SpanExporter.composite(List.of());
    return OpenTelemetrySdk.builder()
        .setTracerProvider(
            SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(nowhere))
                .build())
        .setMeterProvider(
            SdkMeterProvider.builder().registerMetricReader(InMemoryMetricReader.create()).build())
        .build();
  }

  Pool pool() {
    return pool;
  }

  /** Does something while it is watched: a recording sees all pools, so it lasts no longer. */
  <T> T during(Callable<T> work) throws Exception {
    if (!isRecorded) {
      return work.call();
    }
    try (Recording recording = new Recording()) { // which has the pool's events by default
      recording.start();
      return work.call();
    }
  }

  @Override
  public void close() {
    toClose.forEach(Runnable::run);
  }

  /** Looks at each event. */
  private static final class Everything implements PoolObserver {

    private final AtomicLong nanos = new AtomicLong();

    @Override
    public void itemsSent(PoolEvent.ItemsSent event) {
      nanos.lazySet(event.bytes());
    }

    @Override
    public void itemsEnded(PoolEvent.ItemsEnd event) {
      long sum = 0;
      for (int i = 0; i < event.size(); i++) {
        sum += event.runNanos(i) + event.index(i);
      }
      nanos.lazySet(sum);
    }
  }
}
