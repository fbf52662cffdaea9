package dev.procpool.opentelemetry;

import static io.opentelemetry.sdk.testing.assertj.OpenTelemetryAssertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import java.lang.ref.Reference;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The metrics of real pools. A pool's end waits until all is told. */
class PoolMetersTest {

  @RegisterExtension
  static final OpenTelemetryExtension TELEMETRY = OpenTelemetryExtension.create();

  private static MetricData metric(Collection<MetricData> all, String name) {
    Optional<MetricData> found = all.stream().filter(each -> each.getName().equals(name)).findAny();
    return found.orElseThrow(
        () ->
            new AssertionError(name + " not in " + all.stream().map(MetricData::getName).toList()));
  }

  private static void assertAllAreDescribed(Collection<MetricData> all) {
    Assertions.assertThat(all)
        .filteredOn(each -> each.getName().startsWith("procpool."))
        .hasSizeGreaterThan(9)
        .allSatisfy(
            each -> {
              Assertions.assertThat(each.getDescription()).as(each.getName()).isNotBlank();
              Assertions.assertThat(each.getUnit())
                  .as(each.getName())
                  .isIn("s", "By", "{item}", "{attempt}", "{worker}", "{call}");
            });
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void figuresHaveUnitsAndAttributes() throws Exception {
    PoolMeters meters = new PoolMeters(TELEMETRY.getOpenTelemetry());
    Pool pool = ProcessPool.builder().workers(2).name("p").observer(meters).build();
    meters.watch(pool);
    pool.with(TaskOptions.defaults().label("double")).map(x -> 2 * x, numbers(7));
    pool.mapAsync(
            x -> {
              throw new IllegalStateException("no");
            },
            numbers(1))
        .outcomes();
    Collection<MetricData> during = TELEMETRY.getMetrics();
    assertAllAreDescribed(during);
    assertThat(metric(during, "procpool.worker.max"))
        .hasUnit("{worker}")
        .hasLongSumSatisfying(
            sum ->
                sum.isNotMonotonic()
                    .hasPointsSatisfying(
                        point -> point.hasValue(2).hasAttributes(Attributes.of(Names.POOL, "p"))));
    assertThat(metric(during, "procpool.io")).hasUnit("By");
    long workers =
        metric(during, "procpool.worker.count").getLongSumData().getPoints().stream()
            .mapToLong(point -> point.getValue())
            .sum();
    Assertions.assertThat(workers).isBetween(1L, 2L);
    pool.close();
    Collection<MetricData> after = TELEMETRY.getMetrics();
    assertThat(metric(after, "procpool.item.count"))
        .hasUnit("{item}")
        .hasLongSumSatisfying(
            sum ->
                sum.isMonotonic()
                    .hasPointsSatisfying(
                        point ->
                            point
                                .hasValue(7)
                                .hasAttributes(
                                    Attributes.of(
                                        Names.POOL, "p",
                                        Names.LABEL, "double",
                                        Names.OUTCOME, "success")),
                        point ->
                            point
                                .hasValue(1)
                                .hasAttributes(
                                    Attributes.of(Names.POOL, "p", Names.OUTCOME, "failure"))));
    MetricData runs = metric(after, "procpool.item.duration");
    assertThat(runs).hasUnit("s");
    Assertions.assertThat(
            runs.getHistogramData().getPoints().stream()
                .collect(
                    Collectors.toMap(
                        point -> String.valueOf(point.getAttributes().get(Names.ERROR)),
                        point -> point.getCount())))
        .containsEntry("null", 7L)
        .containsEntry("java.lang.IllegalStateException", 1L);
    Assertions.assertThat(metric(after, "procpool.worker.ends").getLongSumData().getPoints())
        .extracting(point -> point.getAttributes().get(Names.REASON))
        .containsOnly("stopped");
    Assertions.assertThat(after)
        .as("pools that have ended are not asked")
        .extracting(MetricData::getName)
        .doesNotContain("procpool.worker.max");
    meters.close();
  }

  /** A pool that counts how often it is asked. */
  private static Pool counting(Pool pool, AtomicInteger questions) {
    return (Pool)
        Proxy.newProxyInstance(
            Pool.class.getClassLoader(),
            new Class<?>[] {Pool.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("stats")) {
                questions.incrementAndGet();
              }
              return method.invoke(pool, arguments);
            });
  }

  @Test
  void aCollectionAsksAPoolOnceAndAClosedObserverAsksNobody() throws Exception {
    PoolMeters meters = new PoolMeters(TELEMETRY.getOpenTelemetry());
    AtomicInteger questions = new AtomicInteger();
    try (Pool pool = ProcessPool.builder().workers(1).name("r").observer(meters).build()) {
      Pool counting = counting(pool, questions);
      meters.watch(counting);
      pool.map(x -> x, numbers(2));
      Collection<MetricData> all = TELEMETRY.getMetrics();
      Assertions.assertThat(questions).hasValue(1);
      for (String name :
          List.of(
              "procpool.worker.count",
              "procpool.worker.max",
              "procpool.worker.memory",
              "procpool.item.queued",
              "procpool.call.active",
              "procpool.io")) {
        Assertions.assertThat(metric(all, name).getLongSumData().getPoints())
            .as(name)
            .anySatisfy(
                point ->
                    Assertions.assertThat(point.getAttributes().get(Names.POOL)).isEqualTo("r"));
      }
      meters.close();
      Assertions.assertThat(TELEMETRY.getMetrics())
          .extracting(MetricData::getName)
          .doesNotContain("procpool.worker.max");
      Assertions.assertThat(questions).hasValue(1);
      Reference.reachabilityFence(counting); // which the meters don't keep
    }
  }

  @Test
  void labelsMadeOfDataAreFolded() throws Exception {
    PoolMeters meters = new PoolMeters(TELEMETRY.getOpenTelemetry());
    try (Pool pool = ProcessPool.builder().workers(1).name("q").observer(meters).build()) {
      for (int i = 0; i < 103; i++) {
        pool.with(TaskOptions.defaults().label("user " + i)).apply(() -> 1);
      }
    }
    Assertions.assertThat(
            metric(TELEMETRY.getMetrics(), "procpool.item.count").getLongSumData().getPoints())
        .filteredOn(point -> "q".equals(point.getAttributes().get(Names.POOL)))
        .hasSize(101)
        .extracting(PointData::getAttributes)
        .anySatisfy(
            attributes -> Assertions.assertThat(attributes.get(Names.LABEL)).isEqualTo("_OTHER"));
    meters.close();
  }
}
