package dev.procpool.spark.driver;

import dev.procpool.Outcome;
import dev.procpool.PoolBrokenException;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolState;
import dev.procpool.WorkerEnd;
import dev.procpool.WorkerExit;
import dev.procpool.spark.wire.Events;
import dev.procpool.spi.ItemRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a pool on a cluster tells its observer, which never waits. Thread-safe. */
final class PoolNews {

  private final String pool;

  /** By default nobody is told. */
  private volatile PoolObserver observer = new PoolObserver() {};

  PoolNews(String pool) {
    this.pool = pool;
  }

  /** Sets who is told. */
  void observe(PoolObserver whom) {
    observer = whom;
  }

  void timedOut(DriverCall<?, ?> call, Outcome.TimedOut<?> outcome, ItemRun run) {
    observer.itemTimedOut(
        new PoolEvent.ItemTimeout(
            pool,
            Instant.now(),
            worker(outcome, run),
            call.name(),
            outcome.index(),
            outcome.attempts(),
            outcome.kind(),
            outcome.limit(),
            outcome.duration()));
  }

  void retried(DriverCall<?, ?> call, Outcome<?> outcome, ItemRun run, Duration delay) {
    observer.itemRetried(
        new PoolEvent.ItemRetry(
            pool,
            Instant.now(),
            worker(outcome, run),
            call.name(),
            outcome.index(),
            outcome,
            delay));
  }

  private static PoolEvent.Worker worker(Outcome<?> outcome, ItemRun run) {
    PoolEvent.Worker worker = run.worker();
    return worker == null ? new PoolEvent.Worker(-1, outcome.host(), outcome.workerPid()) : worker;
  }

  /**
   * An executor tells an event.
   *
   * @param named gives a call with its label
   */
  void happened(PoolEvent event, UnaryOperator<PoolEvent.Call> named) {
    Events.tell(event, pool, observer, named);
  }

  /** A worker has ended with its executor, which can't tell it. */
  void lost(Executors.LiveWorker lost, WorkerExit exit) {
    Instant now = Instant.now();
    Duration lived = Duration.between(lost.startedAt(), now);
    observer.workerEnded(
        new PoolEvent.WorkerGone(
            pool,
            now,
            lost.worker(),
            WorkerEnd.of(exit),
            Optional.of(exit),
            lost.items(),
            lived.isNegative() ? Duration.ZERO : lived)); // clocks differ
  }

  void broken(PoolBrokenException failure) {
    changed(PoolState.BROKEN, Optional.of(failure));
  }

  void terminated() {
    changed(PoolState.TERMINATED, Optional.empty());
  }

  private void changed(PoolState state, Optional<Throwable> failure) {
    observer.poolChanged(new PoolEvent.PoolChange(pool, Instant.now(), state, failure));
  }
}
