package dev.procpool.micrometer;

import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The figures of pools as meters: an observer of the pools, bound to one or more registries.
 *
 * <pre>{@code
 * PoolMetrics metrics = new PoolMetrics();
 * metrics.bindTo(registry);
 * Pool pool = ProcessPool.builder().name("resize").observer(metrics).build();
 * metrics.watch(pool);
 * }</pre>
 *
 * <table>
 * <caption>Meters; each has the tag pool</caption>
 * <tr><th>name</th><th>kind</th><th>other tags</th><th>what</th></tr>
 * <tr><td>procpool.items</td><td>counter</td><td>label, outcome</td><td>items that have ended</td></tr>
 * <tr><td>procpool.item.run</td><td>timer</td><td>label, outcome</td><td>how long the last attempt
 * of each ran, with a histogram</td></tr>
 * <tr><td>procpool.item.wait</td><td>timer</td><td>label</td><td>how long items waited from their
 * source until they began, with a histogram</td></tr>
 * <tr><td>procpool.retries</td><td>counter</td><td>label</td><td>attempts that are repeated</td></tr>
 * <tr><td>procpool.timeouts</td><td>counter</td><td>label, limit</td><td>attempts that were stopped
 * at a limit</td></tr>
 * <tr><td>procpool.call</td><td>timer</td><td>label</td><td>how long calls took</td></tr>
 * <tr><td>procpool.worker.start</td><td>timer</td><td></td><td>how long starts took</td></tr>
 * <tr><td>procpool.worker.ends</td><td>counter</td><td>reason</td><td>workers that have ended</td></tr>
 * <tr><td>procpool.events.dropped</td><td>counter</td><td></td><td>events that these meters were too
 * slow for</td></tr>
 * <tr><td>procpool.workers</td><td>gauge</td><td>state</td><td>workers; of pools that are
 * {@linkplain #watch watched}, as what follows</td></tr>
 * <tr><td>procpool.workers.target</td><td>gauge</td><td></td><td>how many there may be</td></tr>
 * <tr><td>procpool.workers.memory</td><td>gauge</td><td></td><td>bytes resident, of all</td></tr>
 * <tr><td>procpool.queue</td><td>gauge</td><td></td><td>items that wait</td></tr>
 * <tr><td>procpool.calls.active</td><td>gauge</td><td></td><td>calls under way</td></tr>
 * <tr><td>procpool.bytes</td><td>counter</td><td>direction</td><td>bytes sent to workers, and
 * received of them</td></tr>
 * </table>
 *
 * <p>A label is that of the call's options, {@code none} without one. The first hundred labels of a
 * pool have meters of their own, all others are {@code other}, so that labels made of data can't
 * fill the registry.
 *
 * <p>Thread-safe. Does not keep pools reachable.
 *
 * @since 0.2.0
 */
public final class PoolMetrics implements PoolObserver, MeterBinder, AutoCloseable {

  /** How many labels of a pool have meters of their own, unless told otherwise. */
  private static final int MOST_LABELS = 100;

  private final int mostLabels;
  private final List<BoundMeters> bound = new CopyOnWriteArrayList<>();
  private final List<WatchedPool> watched = new CopyOnWriteArrayList<>();

  /** Makes metrics that are bound to no registry yet. */
  public PoolMetrics() {
    this(MOST_LABELS);
  }

  /**
   * Makes metrics that are bound to no registry yet.
   *
   * @param mostLabels how many labels of a pool have meters of their own; 0 for none
   * @throws IllegalArgumentException if it is negative
   */
  public PoolMetrics(int mostLabels) {
    if (mostLabels < 0) {
      throw new IllegalArgumentException("mostLabels must be 0 or more, was " + mostLabels);
    }
    this.mostLabels = mostLabels;
  }

  /**
   * Has a registry's meters told from now on. What has happened before is not counted there, but
   * for bytes.
   *
   * @param registry the registry
   */
  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    BoundMeters meters = new BoundMeters(Objects.requireNonNull(registry, "registry"), mostLabels);
    bound.add(meters);
    watched.forEach(meters::watch);
  }

  /**
   * Shows workers, queue, calls, bytes and memory of a pool, too, until its end. It is asked for
   * them at most once a second, when a registry is read.
   *
   * @param pool the pool, made with this as an observer
   * @return this
   */
  public synchronized PoolMetrics watch(Pool pool) {
    WatchedPool shown = new WatchedPool(pool);
    if (shown.stats().state() != PoolState.TERMINATED) { // else nobody would take it out
      watched.add(shown);
      bound.forEach(meters -> meters.watch(shown));
    }
    return this;
  }

  /** Removes all meters from the registries. Pools go on, and are not counted any more. */
  @Override
  public synchronized void close() {
    bound.forEach(BoundMeters::close);
    bound.clear();
    watched.clear();
  }

  // ------------------------------------------------------------------ what happens

  @Override
  public void poolChanged(PoolEvent.PoolChange event) {
    if (event.state() == PoolState.TERMINATED) {
      unwatch(event.pool());
    }
  }

  /** Takes out what has ended; another pool may have the same name, and go on. */
  private synchronized void unwatch(String pool) {
    List<WatchedPool> over =
        watched.stream().filter(each -> each.name().equals(pool) && each.isEnding()).toList();
    watched.removeAll(over);
    over.forEach(each -> bound.forEach(meters -> meters.unwatch(each)));
  }

  @Override
  public void workerReady(PoolEvent.WorkerReady event) {
    Tags tags = BoundMeters.of(event.pool());
    bound.forEach(meters -> meters.timer("worker.start", tags, false).record(event.took()));
  }

  @Override
  public void workerEnded(PoolEvent.WorkerGone event) {
    Tags tags = BoundMeters.of(event.pool()).and("reason", BoundMeters.tag(event.why()));
    bound.forEach(meters -> meters.count("worker.ends", tags, 1));
  }

  @Override
  public void callEnded(PoolEvent.CallEnd event) {
    bound.forEach(
        meters ->
            meters
                .timer("call", meters.of(event.pool(), event.call()), false)
                .record(event.took()));
  }

  @Override
  public void itemsEnded(PoolEvent.ItemsEnd event) {
    bound.forEach(meters -> meters.items(event));
  }

  @Override
  public void itemTimedOut(PoolEvent.ItemTimeout event) {
    String limit = BoundMeters.tag(event.kind());
    bound.forEach(
        meters ->
            meters.count("timeouts", meters.of(event.pool(), event.call()).and("limit", limit), 1));
  }

  @Override
  public void itemRetried(PoolEvent.ItemRetry event) {
    bound.forEach(meters -> meters.count("retries", meters.of(event.pool(), event.call()), 1));
  }

  @Override
  public void eventsDropped(String pool, long count) {
    bound.forEach(meters -> meters.count("events.dropped", BoundMeters.of(pool), (double) count));
  }
}
