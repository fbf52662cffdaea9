package dev.procpool.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.procpool.Pool;
import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerLostException;
import dev.procpool.local.ProcessPool;
import dev.procpool.testkit.Eventually;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricDataParser;
import org.hawkular.agent.prometheus.types.Counter;
import org.hawkular.agent.prometheus.types.Gauge;
import org.hawkular.agent.prometheus.types.Histogram;
import org.hawkular.agent.prometheus.types.Metric;
import org.hawkular.agent.prometheus.types.MetricFamily;
import org.hawkular.agent.prometheus.types.MetricType;
import org.junit.jupiter.api.Test;

/** What registries show of real pools, as Prometheus scrapes it and another's parser reads it. */
class PoolMetricsTest {

  private static final Pattern NAME = Pattern.compile("procpool_[a-z_]+");

  private static final Pattern GROUPED = Pattern.compile("by \\((\\w+)\\)");

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /** One of each kind: a success, a failure, a repeated attempt, a time-out, a lost worker. */
  private static void doOfEverything(Pool pool) throws Exception {
    pool.with(TaskOptions.defaults().label("double")).map(x -> 2 * x, numbers(20));
    pool.with(
            TaskOptions.defaults()
                .label("fail")
                .retry(RetryPolicy.attempts(2).on(IllegalStateException.class)))
        .mapAsync(
            x -> {
              if (x == 0) {
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
    assertThatThrownBy(
            () ->
                pool.apply(
                    () -> {
                      Runtime.getRuntime().halt(3);
                      return 1;
                    }))
        .hasCauseInstanceOf(WorkerLostException.class);
  }

  // ------------------------------------------------------------------ a scrape

  /** What Prometheus would get, by the parser of others. */
  private static List<MetricFamily> scraped(PrometheusMeterRegistry registry) throws IOException {
    String text = registry.scrape();
    List<MetricFamily> families = new ArrayList<>();
    try (InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))) {
      TextPrometheusMetricDataParser parser = new TextPrometheusMetricDataParser(in);
      for (MetricFamily family = parser.parse(); family != null; family = parser.parse()) {
        families.add(family);
      }
    }
    return families;
  }

  private static Metric metric(
      List<MetricFamily> families, String name, MetricType type, Map<String, String> labels) {
    MetricFamily family =
        families.stream().filter(each -> each.getName().equals(name)).findAny().orElseThrow();
    assertThat(family.getType()).as(name).isEqualTo(type);
    return family.getMetrics().stream()
        .filter(each -> each.getLabels().equals(labels))
        .findAny()
        .orElseThrow(() -> new AssertionError(labels + " not in " + family.getMetrics()));
  }

  @Test
  void prometheusScrapesWhatHappenedAndTheDashboardNamesNothingElse() throws Exception {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    PoolMetrics metrics = new PoolMetrics();
    metrics.bindTo(registry);
    String name = "p \"1\"\\\n";
    try (Pool pool = ProcessPool.builder().workers(1).name(name).observer(metrics).build()) {
      metrics.watch(pool);
      doOfEverything(pool);
      Eventually.until("the end of the lost worker", () -> ended(registry, "exited") == 1);
      Eventually.until(
          "the last item",
          () ->
              registry.find("procpool.items").tag("outcome", "worker_lost").counters().stream()
                      .mapToDouble(each -> each.count())
                      .sum()
                  == 1);
      metrics.eventsDropped(name, 3); // as if they had been
      List<MetricFamily> families = scraped(registry);
      assertThat(
              ((Counter)
                      metric(
                          families,
                          "procpool_items_total",
                          MetricType.COUNTER,
                          Map.of("pool", name, "label", "double", "outcome", "success")))
                  .getValue())
          .isEqualTo(20);
      assertThat(
              ((Counter)
                      metric(
                          families,
                          "procpool_items_total",
                          MetricType.COUNTER,
                          Map.of("pool", name, "label", "none", "outcome", "worker_lost")))
                  .getValue())
          .isEqualTo(1);
      Histogram runs =
          (Histogram)
              metric(
                  families,
                  "procpool_item_run_seconds",
                  MetricType.HISTOGRAM,
                  Map.of("pool", name, "label", "double", "outcome", "success"));
      assertThat(runs.getSampleCount()).isEqualTo(20);
      assertThat(runs.getSampleSum()).isPositive();
      assertThat(runs.getBuckets().size()).isGreaterThan(10);
      assertThat(
              ((Counter)
                      metric(
                          families,
                          "procpool_retries_total",
                          MetricType.COUNTER,
                          Map.of("pool", name, "label", "fail")))
                  .getValue())
          .isEqualTo(1);
      assertThat(
              ((Counter)
                      metric(
                          families,
                          "procpool_timeouts_total",
                          MetricType.COUNTER,
                          Map.of("pool", name, "label", "hang", "limit", "run_time")))
                  .getValue())
          .isEqualTo(1);
      assertThat(
              ((Gauge)
                      metric(
                          families,
                          "procpool_workers_target",
                          MetricType.GAUGE,
                          Map.of("pool", name)))
                  .getValue())
          .isEqualTo(1);
      assertThat(families)
          .extracting(MetricFamily::getName)
          .contains("procpool_workers_memory_bytes", "procpool_queue", "procpool_bytes_total");
      assertThat(families)
          .as("texts of HELP")
          .allSatisfy(family -> assertThat(family.getHelp()).as(family.getName()).isNotBlank())
          .filteredOn(PoolMetricsTest::isNoMaximum)
          .extracting(MetricFamily::getHelp)
          .contains("Items that have ended, by how they ended")
          .doesNotHaveDuplicates();
      assertThat(registry.getMeters())
          .as("units of what is no plain number")
          .filteredOn(meter -> meter.getId().getBaseUnit() != null)
          .extracting(meter -> meter.getId().getName() + " " + meter.getId().getBaseUnit())
          .containsOnly(
              "procpool.bytes bytes",
              "procpool.workers.memory bytes",
              "procpool.item.run seconds",
              "procpool.item.wait seconds",
              "procpool.call seconds",
              "procpool.worker.start seconds");
      checkDashboard(families);
    }
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  private static double ended(MeterRegistry registry, String reason) {
    var found = registry.find("procpool.worker.ends").tag("reason", reason).counter();
    return found == null ? 0 : found.count();
  }

  /** The dashboard asks for nothing that the scrape has not, and for all that it has. */
  private static void checkDashboard(List<MetricFamily> families) throws IOException {
    Map<String, MetricFamily> there = new TreeMap<>();
    for (MetricFamily family : families) {
      there.put(family.getName(), family);
      if (family.getType() == MetricType.HISTOGRAM || family.getType() == MetricType.SUMMARY) {
        for (String part : List.of("_sum", "_count", "_bucket")) {
          there.put(family.getName() + part, family);
        }
      }
    }
    JsonNode dashboard;
    try (InputStream in = PoolMetrics.class.getResourceAsStream("grafana-dashboard.json")) {
      dashboard = new ObjectMapper().readTree(in);
    }
    Set<String> asked = new TreeSet<>();
    for (JsonNode expression : dashboard.findValues("expr")) {
      assertThat(there.keySet()).containsAll(names(expression.asText()));
      names(expression.asText()).forEach(name -> asked.add(there.get(name).getName()));
      checkLabels(expression.asText(), there);
    }
    for (JsonNode variable : dashboard.path("templating").path("list")) {
      assertThat(there.keySet()).containsAll(names(variable.path("query").toString()));
    }
    assertThat(asked)
        .containsExactlyInAnyOrderElementsOf(
            families.stream()
                .filter(PoolMetricsTest::isNoMaximum)
                .map(MetricFamily::getName)
                .toList());
  }

  /** Micrometer adds the maximum of the last minutes to each timer. */
  private static boolean isNoMaximum(MetricFamily family) {
    return !family.getName().endsWith("_max");
  }

  private static Set<String> names(String text) {
    return NAME.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  /** What an expression groups by is a label of all that it asks for, but for the bucket's. */
  private static void checkLabels(String expression, Map<String, MetricFamily> there) {
    for (MatchResult by : GROUPED.matcher(expression).results().toList()) {
      if (!by.group(1).equals("le")) {
        assertThat(names(expression))
            .as(expression)
            .allSatisfy(
                name ->
                    assertThat(there.get(name).getMetrics().get(0).getLabels())
                        .containsKey(by.group(1)));
      }
    }
  }

  // ------------------------------------------------------------------ bounds and the end

  @Test
  void labelsMadeOfDataDoNotFillTheRegistry() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    PoolMetrics metrics = new PoolMetrics(3);
    metrics.bindTo(registry);
    try (Pool pool = ProcessPool.builder().workers(1).observer(metrics).build()) {
      for (int i = 0; i < 20; i++) {
        pool.with(TaskOptions.defaults().label("user " + i)).apply(() -> 1);
      }
    }
    Set<String> labels = new TreeSet<>();
    for (Meter meter : registry.find("procpool.items").meters()) {
      labels.add(String.valueOf(meter.getId().getTag("label")));
    }
    assertThat(labels).containsExactly("other", "user 0", "user 1", "user 2");
    assertThat(registry.get("procpool.items").tag("label", "other").counter().count())
        .isEqualTo(17);
    assertThatThrownBy(() -> new PoolMetrics(-1)).hasMessageContaining("mostLabels");
  }

  @Test
  void gaugesGoWithThePoolAndCountersStay() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    PoolMetrics metrics = new PoolMetrics();
    metrics.bindTo(registry);
    Pool pool = ProcessPool.builder().workers(2).name("a").observer(metrics).build();
    metrics.watch(pool);
    assertThat(registry.get("procpool.workers.target").gauge().value()).isEqualTo(2);
    pool.map(x -> x, numbers(5));
    pool.close();
    assertThat(registry.find("procpool.workers.target").gauge()).isNull();
    assertThat(registry.get("procpool.items").counter().count()).isEqualTo(5);
    metrics.watch(pool); // too late
    assertThat(registry.find("procpool.workers.target").gauge()).isNull();
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void severalPoolsAndRegistriesAreToldApart() throws Exception {
    SimpleMeterRegistry first = new SimpleMeterRegistry();
    SimpleMeterRegistry second = new SimpleMeterRegistry();
    try (PoolMetrics metrics = new PoolMetrics()) {
      metrics.bindTo(first);
      metrics.bindTo(second);
      for (String name : List.of("a", "b")) {
        try (Pool pool = ProcessPool.builder().workers(1).name(name).observer(metrics).build()) {
          pool.map(x -> x, numbers(name.equals("a") ? 2 : 3));
        }
      }
      for (MeterRegistry registry : List.of(first, second)) {
        assertThat(registry.get("procpool.items").tag("pool", "a").counter().count()).isEqualTo(2);
        assertThat(registry.get("procpool.items").tag("pool", "b").counter().count()).isEqualTo(3);
      }
    }
    assertThat(first.getMeters()).isEmpty();
    assertThat(second.getMeters()).isEmpty();
  }
}
