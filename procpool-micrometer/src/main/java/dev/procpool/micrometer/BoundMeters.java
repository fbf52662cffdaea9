package dev.procpool.micrometer;

import dev.procpool.PoolEvent;
import dev.procpool.PoolStats;
import dev.procpool.WorkerInfo;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The meters of one registry. Thread-safe: pools tell of themselves on threads of their own. */
final class BoundMeters {

  private static final String PREFIX = "procpool.";

  private final MeterRegistry registry;
  private final int mostLabels;
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
  private final Map<Key, Timer> timers = new ConcurrentHashMap<>();
  private final Map<WatchedPool, List<Meter>> gauges = new ConcurrentHashMap<>();

  /** The labels that have meters of their own, by pool. */
  private final Map<String, Set<String>> labels = new ConcurrentHashMap<>();

  /** A meter: what tells it from the others of its name. */
  private record Key(String name, Tags tags) {}

  BoundMeters(MeterRegistry registry, int mostLabels) {
    this.registry = registry;
    this.mostLabels = mostLabels;
  }

  /** A constant's name as the value of a tag. */
  static String tag(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  // ------------------------------------------------------------------ events

  static Tags of(String pool) {
    return Tags.of("pool", pool);
  }

  /** With the call's label; one label for all that are too many. */
  Tags of(String pool, PoolEvent.Call call) {
    return of(pool).and("label", call.label().map(label -> bounded(pool, label)).orElse("none"));
  }

  void count(String name, Tags tags, double more) {
    counters
        .computeIfAbsent(
            new Key(name, tags),
            key ->
                Counter.builder(PREFIX + key.name())
                    .description(Descriptions.of(key.name()))
                    .tags(key.tags())
                    .register(registry))
        .increment(more);
  }

  Timer timer(String name, Tags tags, boolean hasHistogram) {
    return timers.computeIfAbsent(
        new Key(name, tags),
        key ->
            Timer.builder(PREFIX + key.name())
                .description(Descriptions.of(key.name()))
                .tags(key.tags())
                .publishPercentileHistogram(hasHistogram)
                .register(registry));
  }

  void items(PoolEvent.ItemsEnd event) {
    Tags call = of(event.pool(), event.call());
    Tags ended = call.and("outcome", tag(event.kind()));
    count("items", ended, event.size());
    if (event.attempts() > 0) {
      Timer run = timer("item.run", ended, true);
      for (int i = 0; i < event.size(); i++) {
        run.record(event.runNanos(i), TimeUnit.NANOSECONDS);
      }
    }
    if (event.waitNanos() >= 0) {
      Timer wait = timer("item.wait", call, true);
      for (int i = 0; i < event.size(); i++) {
        wait.record(event.waitNanos(), TimeUnit.NANOSECONDS);
      }
    }
  }

  private String bounded(String pool, String label) {
    Set<String> known = labels.computeIfAbsent(pool, name -> ConcurrentHashMap.newKeySet());
    if (known.contains(label)) {
      return label;
    }
    synchronized (known) {
      return known.size() < mostLabels && known.add(label) ? label : "other";
    }
  }

  // ------------------------------------------------------------------ what is asked for

  void watch(WatchedPool pool) {
    Tags tags = of(pool.name());
    List<Meter> its = new ArrayList<>();
    for (WorkerInfo.State state : WorkerInfo.State.values()) {
      its.add(gauge(pool, "workers", tags.and("state", tag(state)), at -> workers(at, state)));
    }
    its.add(gauge(pool, "workers.target", tags, PoolStats::targetWorkers));
    its.add(gauge(pool, "queue", tags, PoolStats::queuedItems));
    its.add(gauge(pool, "calls.active", tags, at -> at.calls().size()));
    its.add(
        Gauge.builder(PREFIX + "workers.memory", pool, at -> at.stats().memoryBytes())
            .description(Descriptions.of("workers.memory"))
            .tags(tags)
            .baseUnit(BaseUnits.BYTES)
            .strongReference(true)
            .register(registry));
    if (pool.stats().totals().sentBytes() >= 0) {
      its.add(bytes(pool, tags.and("direction", "sent"), at -> at.totals().sentBytes()));
      its.add(bytes(pool, tags.and("direction", "received"), at -> at.totals().receivedBytes()));
    }
    gauges.put(pool, its);
  }

  private Gauge gauge(WatchedPool pool, String name, Tags tags, ToDoubleFunction<PoolStats> value) {
    return Gauge.builder(PREFIX + name, pool, at -> value.applyAsDouble(at.stats()))
        .description(Descriptions.of(name))
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  private FunctionCounter bytes(WatchedPool pool, Tags tags, ToDoubleFunction<PoolStats> value) {
    return FunctionCounter.builder(PREFIX + "bytes", pool, at -> value.applyAsDouble(at.stats()))
        .description(Descriptions.of("bytes"))
        .tags(tags)
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
  }

  private static double workers(PoolStats stats, WorkerInfo.State state) {
    return stats.workers().stream().filter(worker -> worker.info().state() == state).count();
  }

  void unwatch(WatchedPool pool) {
    List<Meter> its = gauges.remove(pool);
    if (its != null) {
      its.forEach(registry::remove);
    }
  }

  /** Removes all. */
  void close() {
    gauges.keySet().forEach(this::unwatch);
    counters.values().forEach(registry::remove);
    timers.values().forEach(registry::remove);
    counters.clear();
    timers.clear();
  }
}
