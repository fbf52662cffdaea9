package dev.procpool.examples;

// region program
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import dev.procpool.micrometer.PoolMetrics;
import dev.procpool.opentelemetry.PoolSpans;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.IntStream;
import javax.management.ObjectName;

public class SeeItRun {
  static int parsed(int document) {
    if (document == 13) {
      throw new IllegalStateException("document 13 has no end");
    }
    return document;
  }

  public static void main(String[] args) throws Exception {
    // metrics: what Prometheus scrapes
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    PoolMetrics metrics = new PoolMetrics();
    metrics.bindTo(registry);
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(address, 0);
    server.createContext(
        "/metrics",
        exchange -> {
          byte[] scrape = registry.scrape().getBytes(UTF_8);
          exchange.sendResponseHeaders(200, scrape.length);
          exchange.getResponseBody().write(scrape);
          exchange.close();
        });
    server.start();

    // traces: a service exports them by OTLP
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    OpenTelemetrySdk telemetry =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build();

    Pool pool =
        ProcessPool.builder()
            .name("documents")
            .observer(metrics)
            .observer(PoolSpans.of(telemetry))
            .registerMBean(true)
            .build();
    metrics.watch(pool);
    List<Integer> documents = IntStream.range(0, 100).boxed().toList();
    pool.with(TaskOptions.defaults().label("parse"))
        .mapAsync(SeeItRun::parsed, documents)
        .outcomes();

    // JMX: what JConsole shows
    ObjectName bean = new ObjectName("dev.procpool:type=Pool,name=\"documents\"");
    Object failed = ManagementFactory.getPlatformMBeanServer().getAttribute(bean, "FailedItems");
    System.out.println(bean + ": FailedItems " + failed);

    pool.close(); // when it returns, observers have been told all
    URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/metrics");
    HttpRequest scrape = HttpRequest.newBuilder(uri).build();
    HttpClient.newHttpClient()
        .send(scrape, BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith("procpool_items_total"))
        .sorted()
        .forEach(System.out::println);
    for (SpanData span : exporter.getFinishedSpanItems()) {
      System.out.println("span " + span.getName() + ": " + span.getStatus().getDescription());
    }
    server.stop(0);
    metrics.close();
    telemetry.close();
  }
}
// endregion
