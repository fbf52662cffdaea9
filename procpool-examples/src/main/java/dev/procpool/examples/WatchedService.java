package dev.procpool.examples;

// region program
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import dev.procpool.micrometer.PoolMetrics;
import dev.procpool.opentelemetry.ItemSpans;
import dev.procpool.opentelemetry.PoolSpans;
import dev.procpool.view.PoolView;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.logging.LoggingSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

public class WatchedService {
  /** A parser with the faults that parsers have. */
  static int words(String document) throws InterruptedException {
    if (document.isBlank()) {
      throw new IllegalArgumentException("the document is empty");
    } else if (document.startsWith("endless")) {
      while (true) {
        Thread.onSpinWait();
      }
    } else if (document.startsWith("crash")) {
      Runtime.getRuntime().halt(3);
    }
    Thread.sleep(document.length() % 50); // what parsing takes
    return document.split("\\s+").length;
  }

  public static void main(String[] args) throws Exception {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    PoolMetrics metrics = new PoolMetrics();
    metrics.bindTo(registry);
    SdkTracerProvider spans =
        SdkTracerProvider.builder() // another exporter, by OTLP, is one line
            .addSpanProcessor(BatchSpanProcessor.builder(LoggingSpanExporter.create()).build())
            .build();
    OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder().setTracerProvider(spans).build();

    Pool pool =
        ProcessPool.builder()
            .name("documents")
            .workers(4)
            .jvmOptions("-Xmx64m")
            .observer(metrics)
            .observer(PoolSpans.of(telemetry, ItemSpans.CHILDREN))
            .registerMBean(true)
            .build();
    metrics.watch(pool);
    PoolView view = PoolView.builder().pools(pool).allowActions(true).open();
    Pool parsing = pool.with(TaskOptions.defaults().label("parse").timeout(Duration.ofSeconds(10)));

    ExecutorService threads = Executors.newFixedThreadPool(8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/metrics", exchange -> answer(exchange, 200, registry.scrape()));
    server.createContext(
        "/parse",
        exchange -> {
          Context caller =
              W3CTraceContextPropagator.getInstance()
                  .extract(Context.root(), exchange.getRequestHeaders(), Headers::getFirst);
          Span span =
              telemetry
                  .getTracer("documents")
                  .spanBuilder("POST /parse")
                  .setSpanKind(SpanKind.SERVER)
                  .setParent(caller)
                  .startSpan();
          try { // the call and its items are in the trace of whoever asks
            answer(exchange, 200, caller.with(span).wrap(() -> parsed(parsing, exchange)).call());
          } catch (Exception e) {
            span.recordException(e);
            answer(exchange, 503, "not parsed: " + e.getMessage() + "\n");
          } finally {
            span.end();
          }
        });
    server.start();

    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.stop(1);
                  threads.shutdown();
                  pool.close(Duration.ofSeconds(5)); // waits for what runs, then terminates
                  view.close();
                  metrics.close();
                  telemetry.close();
                }));
    String here = "http://localhost:" + server.getAddress().getPort();
    System.out.println("documents, one a line: " + here + "/parse");
    System.out.println("for Prometheus:        " + here + "/metrics");
    System.out.println("live page:             " + view.url());
  }

  private static String parsed(Pool parsing, HttpExchange exchange) throws Exception {
    String documents = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    StringBuilder lines = new StringBuilder();
    for (Outcome<Integer> outcome :
        parsing.mapAsync(WatchedService::words, documents.lines().toList()).outcomes()) {
      String line =
          outcome.fold(words -> words + " words", failure -> "failed: " + failure.getMessage());
      lines.append(line).append('\n');
    }
    return lines.toString();
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
// endregion
