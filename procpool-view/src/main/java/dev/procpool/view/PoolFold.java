package dev.procpool.view;

import dev.procpool.OutcomeKind;
import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolState;
import dev.procpool.PoolStats;
import dev.procpool.spi.Nanos;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one pool has done in the last minutes, folded by ticks of a quarter of a second: its memory
 * is bounded, whatever the pool does. Thread-safe, guarded by itself: the pool's observer thread
 * adds events, {@link Ticker} ends ticks, readers ask.
 */
final class PoolFold implements PoolObserver {

  /** How long a tick is meant to be. */
  static final long TICK_NANOS = 250_000_000;

  private final Pool pool;
  private final Lanes lanes = new Lanes();
  private final Series series = new Series();
  private final Spread runTimes = new Spread();
  private final Spread waits = new Spread();
  private final FailureTable failures = new FailureTable();
  private final WorkerEnds ends = new WorkerEnds();
  private final CallRates rates = new CallRates();
  private volatile @Nullable PoolStats latest; // also read without the lock
  private Optional<Throwable> cause = Optional.empty();

  /** The last tick that is over; the first is 0. */
  private long tick = -1;

  private long missed;

  PoolFold(Pool pool) {
    this.pool = pool;
  }

  Pool pool() {
    return pool;
  }

  // ---------------------------------------------------------------- events

  @Override
  public synchronized void poolChanged(PoolEvent.PoolChange event) {
    if (event.cause().isPresent()) {
      cause = event.cause();
    }
  }

  @Override
  public synchronized void workerStarted(PoolEvent.WorkerStart event) {
    lanes.changed(event.worker(), Cell.STARTING);
  }

  @Override
  public synchronized void workerReady(PoolEvent.WorkerReady event) {
    lanes.changed(event.worker(), Cell.IDLE);
  }

  @Override
  public synchronized void workerEnded(PoolEvent.WorkerGone event) {
    lanes.changed(event.worker(), Cell.NONE);
    ends.add(event);
  }

  @Override
  public synchronized void itemsEnded(PoolEvent.ItemsEnd event) {
    series.add(Series.Figure.of(event.kind()), event.size());
    if (event.attempts() > 0) {
      long ran = 0;
      for (int i = 0; i < event.size(); i++) {
        long nanos = event.runNanos(i);
        runTimes.add(nanos);
        ran += Math.min(nanos, TICK_NANOS); // a worker may say anything: the sum must not overflow
      }
      if (event.waitNanos() >= 0) {
        waits.add(event.waitNanos());
      }
      long total = ran;
      event.worker().ifPresent(worker -> lanes.ended(worker.number(), event.kind(), total));
    }
    if (event.kind() != OutcomeKind.CANCELLED && event.outcome().isPresent()) {
      failures.add(
          event.call(), event.index(0), event.outcome().get(), event.worker(), false, event.at());
    }
  }

  @Override
  public synchronized void itemRetried(PoolEvent.ItemRetry event) {
    lanes.ended(
        event.worker().number(),
        OutcomeKind.of(event.outcome()),
        Nanos.of(event.outcome().duration()));
    failures.add(
        event.call(),
        event.index(),
        event.outcome(),
        Optional.of(event.worker()),
        true,
        event.at());
  }

  @Override
  public synchronized void eventsDropped(String name, long count) {
    missed += count;
  }

  // ---------------------------------------------------------------- ticks

  /**
   * Ends a tick.
   *
   * @param stats the pool now; null if it was not asked this time
   * @param nanos how long the tick was
   * @param now the monotonic clock
   */
  synchronized void tick(@Nullable PoolStats stats, long nanos, long now) {
    tick++;
    if (stats != null) {
      latest = stats;
      see(stats);
      rates.seen(stats.calls(), now);
    }
    series.set(Series.Figure.MILLIS, Math.max(1, nanos / 1_000_000));
    series.set(Series.Figure.P50, micros(runTimes.percentile(0.5)));
    series.set(Series.Figure.P95, micros(runTimes.percentile(0.95)));
    series.set(Series.Figure.P99, micros(runTimes.percentile(0.99)));
    series.set(Series.Figure.WAIT95, micros(waits.percentile(0.95)));
    series.tick(tick);
    lanes.tick(tick, Math.max(1, Math.min(nanos, TICK_NANOS)));
    runTimes.nextTick();
    waits.nextTick();
    failures.tick();
    notifyAll();
  }

  private void see(PoolStats stats) {
    lanes.forgetStates();
    long busy = 0;
    for (PoolStats.Worker worker : stats.workers()) {
      lanes.seen(worker);
      busy += worker.item().isPresent() ? 1 : 0;
    }
    series.set(Series.Figure.QUEUE, stats.queuedItems());
    series.set(Series.Figure.BUSY, busy);
    series.set(Series.Figure.LIVE, stats.workers().size());
    series.set(Series.Figure.MEMORY, stats.memoryBytes() >> 20);
  }

  private static long micros(long nanos) {
    return nanos < 0 ? -1 : Math.max(1, nanos / 1_000);
  }

  /** Waits until a tick is over, but no longer than a while: gives the last that is. */
  synchronized long await(long wanted, long millis) throws InterruptedException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    while (tick < wanted) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    return tick;
  }

  // ---------------------------------------------------------------- questions

  /** Has somebody read all of this while nothing changes; must not wait. */
  synchronized void read(Reader reader) throws IOException {
    reader.read();
  }

  /** Reads a fold while nothing changes. */
  @FunctionalInterface
  interface Reader {
    void read() throws IOException;
  }

  synchronized long tick() {
    return tick;
  }

  @Nullable PoolStats latest() {
    return latest;
  }

  PoolState state() {
    PoolStats known = latest;
    return known == null ? PoolState.RUNNING : known.state();
  }

  // What follows is for a Reader.

  Optional<Throwable> cause() {
    return cause;
  }

  long missed() {
    return missed;
  }

  Lanes lanes() {
    return lanes;
  }

  Series series() {
    return series;
  }

  FailureTable failures() {
    return failures;
  }

  WorkerEnds ends() {
    return ends;
  }

  CallRates rates() {
    return rates;
  }
}
