package dev.procpool.opentelemetry;

import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolState;
import dev.procpool.PoolStats;
import dev.procpool.WorkerInfo;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The figures of pools as metrics, as an observer of them, in the style of the semantic conventions
 * (units of UCUM, attributes with a namespace).
 *
 * <pre>{@code
 * PoolMeters meters = new PoolMeters(openTelemetry);
 * Pool pool = ProcessPool.builder().observer(meters).build();
 * meters.watch(pool);
 * }</pre>
 *
 * <table>
 * <caption>Metrics; each has procpool.pool.name</caption>
 * <tr><th>name</th><th>kind, unit</th><th>other attributes</th></tr>
 * <tr><td>procpool.item.duration</td><td>histogram, s</td><td>procpool.call.label,
 * procpool.item.outcome, error.type</td></tr>
 * <tr><td>procpool.item.wait.duration</td><td>histogram, s</td><td>procpool.call.label</td></tr>
 * <tr><td>procpool.item.count</td><td>counter, {item}</td><td>procpool.call.label,
 * procpool.item.outcome</td></tr>
 * <tr><td>procpool.item.retries</td><td>counter, {attempt}</td><td>procpool.call.label</td></tr>
 * <tr><td>procpool.call.duration</td><td>histogram, s</td><td>procpool.call.label</td></tr>
 * <tr><td>procpool.worker.start.duration</td><td>histogram, s</td><td></td></tr>
 * <tr><td>procpool.worker.ends</td><td>counter, {worker}</td><td>procpool.worker.end_reason</td></tr>
 * <tr><td>procpool.worker.count</td><td>up-down counter, {worker}</td><td>procpool.worker.state; of
 * pools that are {@linkplain #watch watched}, as what follows</td></tr>
 * <tr><td>procpool.worker.max</td><td>up-down counter, {worker}</td><td></td></tr>
 * <tr><td>procpool.worker.memory</td><td>up-down counter, By</td><td></td></tr>
 * <tr><td>procpool.item.queued</td><td>up-down counter, {item}</td><td></td></tr>
 * <tr><td>procpool.call.active</td><td>up-down counter, {call}</td><td></td></tr>
 * <tr><td>procpool.io</td><td>counter, By</td><td>procpool.io.direction</td></tr>
 * </table>
 *
 * <p>The first hundred labels of a pool are told, all others are {@code _OTHER}. Thread-safe. Does
 * not keep pools reachable.
 *
 * @since 0.2.0
 */
public final class PoolMeters implements PoolObserver, AutoCloseable {

  private static final int MOST_LABELS = 100;
  private static final double NANOS_PER_SECOND = 1e9;

  private final DoubleHistogram runs;
  private final DoubleHistogram waits;
  private final DoubleHistogram calls;
  private final DoubleHistogram starts;
  private final LongCounter items;
  private final LongCounter retries;
  private final LongCounter ends;

  /** Asks, when metrics are collected. */
  private final BatchCallback observed;

  private final List<WeakReference<Pool>> watched = new CopyOnWriteArrayList<>();
  private final Map<String, Set<String>> labels = new ConcurrentHashMap<>();

  /**
   * Makes metrics.
   *
   * @param telemetry where they go
   */
  public PoolMeters(OpenTelemetry telemetry) {
    Meter meter = telemetry.getMeter(Names.SCOPE);
    runs = seconds(meter, "procpool.item.duration", "How long the last attempt of an item ran");
    waits = seconds(meter, "procpool.item.wait.duration", "How long items waited for a worker");
    calls = seconds(meter, "procpool.call.duration", "How long calls took");
    starts = seconds(meter, "procpool.worker.start.duration", "How long workers took to start");
    items = counter(meter, "procpool.item.count", "{item}", "Items that have ended");
    retries = counter(meter, "procpool.item.retries", "{attempt}", "Attempts that are repeated");
    ends = counter(meter, "procpool.worker.ends", "{worker}", "Workers that have ended");
    var workers = upDown(meter, "procpool.worker.count", "{worker}", "Workers by state");
    var most = upDown(meter, "procpool.worker.max", "{worker}", "How many workers there may be");
    var memory = upDown(meter, "procpool.worker.memory", "By", "Resident memory of the workers");
    var queued = upDown(meter, "procpool.item.queued", "{item}", "Items that wait");
    var active = upDown(meter, "procpool.call.active", "{call}", "Calls under way");
    var io =
        meter
            .counterBuilder("procpool.io")
            .setUnit("By")
            .setDescription("Bytes to and from workers")
            .buildObserver();
    observed =
        meter.batchCallback(
            () ->
                each(
                    stats -> {
                      Attributes pool = of(stats.pool());
                      workers(stats, workers);
                      most.record(stats.targetWorkers(), pool);
                      memory.record(stats.memoryBytes(), pool);
                      queued.record(stats.queuedItems(), pool);
                      active.record(stats.calls().size(), pool);
                      bytes(stats, io);
                    }),
            workers,
            most,
            memory,
            queued,
            active,
            io);
  }

  private static DoubleHistogram seconds(Meter meter, String name, String what) {
    return meter.histogramBuilder(name).setUnit("s").setDescription(what).build();
  }

  private static LongCounter counter(Meter meter, String name, String unit, String what) {
    return meter.counterBuilder(name).setUnit(unit).setDescription(what).build();
  }

  private static ObservableLongMeasurement upDown(
      Meter meter, String name, String unit, String what) {
    return meter.upDownCounterBuilder(name).setUnit(unit).setDescription(what).buildObserver();
  }

  /** Asks each pool once for all that is observed: a snapshot takes its engine's time. */
  private void each(Consumer<PoolStats> tell) {
    watched.removeIf(
        known -> {
          Pool pool = known.get();
          PoolStats stats = pool == null ? null : pool.stats();
          if (stats == null || stats.state() == PoolState.TERMINATED) {
            return true;
          }
          tell.accept(stats);
          return false;
        });
  }

  /**
   * Shows workers, queue, calls, bytes and memory of a pool, too, until its end: it is asked for
   * them when metrics are collected.
   *
   * @param pool the pool, made with this as an observer
   * @return this
   */
  public PoolMeters watch(Pool pool) {
    watched.add(new WeakReference<>(pool));
    return this;
  }

  /** Asks pools no more. What happens in them is counted on. */
  @Override
  public void close() {
    watched.clear();
    observed.close();
  }

  // ------------------------------------------------------------------ what is asked for

  private static void workers(PoolStats stats, ObservableLongMeasurement to) {
    for (WorkerInfo.State state : WorkerInfo.State.values()) {
      long count =
          stats.workers().stream().filter(worker -> worker.info().state() == state).count();
      to.record(count, Attributes.of(Names.POOL, stats.pool(), Names.STATE, Names.of(state)));
    }
  }

  private static void bytes(PoolStats stats, ObservableLongMeasurement to) {
    if (stats.totals().sentBytes() >= 0) {
      to.record(
          stats.totals().sentBytes(),
          Attributes.of(Names.POOL, stats.pool(), Names.DIRECTION, "transmit"));
      to.record(
          stats.totals().receivedBytes(),
          Attributes.of(Names.POOL, stats.pool(), Names.DIRECTION, "receive"));
    }
  }

  // ------------------------------------------------------------------ what happens

  @Override
  public void workerReady(PoolEvent.WorkerReady event) {
    starts.record(event.took().toNanos() / NANOS_PER_SECOND, of(event.pool()));
  }

  @Override
  public void workerEnded(PoolEvent.WorkerGone event) {
    ends.add(1, Attributes.of(Names.POOL, event.pool(), Names.REASON, Names.of(event.why())));
  }

  @Override
  public void callEnded(PoolEvent.CallEnd event) {
    calls.record(event.took().toNanos() / NANOS_PER_SECOND, of(event.pool(), event.call()));
  }

  @Override
  public void itemRetried(PoolEvent.ItemRetry event) {
    retries.add(1, of(event.pool(), event.call()));
  }

  @Override
  public void itemsEnded(PoolEvent.ItemsEnd event) {
    Attributes call = of(event.pool(), event.call());
    Attributes outcome = call.toBuilder().put(Names.OUTCOME, Names.of(event.kind())).build();
    items.add(event.size(), outcome);
    if (event.attempts() > 0) {
      AttributesBuilder run = outcome.toBuilder();
      event.outcome().ifPresent(each -> run.put(Names.ERROR, PoolSpans.errorType(each)));
      Attributes attributes = run.build();
      for (int i = 0; i < event.size(); i++) {
        runs.record(event.runNanos(i) / NANOS_PER_SECOND, attributes);
      }
    }
    for (int i = 0; i < event.size() && event.waitNanos() >= 0; i++) {
      waits.record(event.waitNanos() / NANOS_PER_SECOND, call);
    }
  }

  private static Attributes of(String pool) {
    return Attributes.of(Names.POOL, pool);
  }

  private Attributes of(String pool, PoolEvent.Call call) {
    return call.label()
        .map(label -> Attributes.of(Names.POOL, pool, Names.LABEL, bounded(pool, label)))
        .orElseGet(() -> of(pool));
  }

  /** Labels made of data must not make metrics without end. */
  private String bounded(String pool, String label) {
    Set<String> known = labels.computeIfAbsent(pool, name -> ConcurrentHashMap.newKeySet());
    if (known.contains(label)) {
      return label;
    }
    synchronized (known) {
      return known.size() < MOST_LABELS && known.add(label) ? label : "_OTHER";
    }
  }
}
