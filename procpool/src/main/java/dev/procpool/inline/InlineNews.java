package dev.procpool.inline;

import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.PoolStats;
import dev.procpool.Progress;
import dev.procpool.WorkerEnd;
import dev.procpool.observe.Observation;
import dev.procpool.spi.ItemRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells the pool's {@link Observation} of threads and attempts, by the names that users know.
 * Thread-safe; nothing here waits, so the backend's lock may be held.
 */
final class InlineNews {

  private final Observation observation;

  InlineNews(Observation observation) {
    this.observation = observation;
  }

  /** A worker's thread was started, which is all that it needs to be ready. */
  void started(InlineWorker worker) {
    if (observation.isOn()) {
      Instant now = Instant.now();
      PoolEvent.Worker named = named(worker);
      observation.workerStarted(new PoolEvent.WorkerStart(observation.pool(), now, named));
      observation.workerReady(
          new PoolEvent.WorkerReady(observation.pool(), now, named, Duration.ZERO));
    } else {
      observation.workerStarted();
    }
  }

  /** A worker's thread ends, or is left to itself. */
  void ended(InlineWorker worker, WorkerEnd why) {
    if (observation.isOn()) {
      Instant now = Instant.now();
      observation.workerEnded(
          new PoolEvent.WorkerGone(
              observation.pool(),
              now,
              named(worker),
              why,
              Optional.empty(),
              worker.tasksDone,
              Duration.between(worker.startedAt(), now)));
    } else {
      observation.workerEnded(why);
    }
  }

  /** All has ended. */
  void terminated() {
    observation.terminated();
  }

  /** What is known of an attempt that has ended. */
  ItemRun run(InlineRun<?> run) {
    boolean isFirst = run.attempt() == 1;
    long waited = isFirst ? run.startNanos - run.item.pulledAt() : -1;
    return new ItemRun(named(run.worker), waited, run.item.argument().length, -1);
  }

  /** An attempt has ended that was stopped at its limit. */
  void timedOut(InlineRun<?> run, Outcome.TimedOut<?> outcome) {
    if (observation.isOn()) {
      observation.itemTimedOut(
          new PoolEvent.ItemTimeout(
              observation.pool(),
              Instant.now(),
              named(run.worker),
              named(run.call),
              outcome.index(),
              outcome.attempts(),
              outcome.kind(),
              outcome.limit(),
              outcome.duration()));
    }
  }

  /** An item says how far it has come; from any thread. */
  void progressed(InlineRun<?> run, Progress progress) {
    if (observation.isOn()) {
      observation.itemProgressed(
          new PoolEvent.ItemProgress(
              observation.pool(),
              Instant.now(),
              named(run.worker),
              named(run.call),
              run.item.index(),
              run.attempt(),
              progress));
    }
  }

  /** An item will be tried again. */
  void retried(InlineRun<?> run, Outcome<?> outcome, Duration delay) {
    if (observation.isOn()) {
      observation.itemRetried(
          new PoolEvent.ItemRetry(
              observation.pool(),
              Instant.now(),
              named(run.worker),
              named(run.call),
              outcome.index(),
              outcome,
              delay));
    } else {
      observation.itemRetried();
    }
  }

  /** A worker, and the item that it is at; with the backend's lock. */
  static PoolStats.Worker describe(InlineWorker worker) {
    InlineRun<?> run = worker.run;
    Optional<PoolStats.Item> item =
        run == null
            ? Optional.empty()
            : Optional.of(
                new PoolStats.Item(
                    named(run.call),
                    run.item.index(),
                    run.attempt(),
                    Duration.ofNanos(System.nanoTime() - run.startNanos),
                    Optional.ofNullable(run.progress())));
    return new PoolStats.Worker(worker.describe(), item);
  }

  private static PoolEvent.Worker named(InlineWorker worker) {
    return new PoolEvent.Worker(worker.number(), InlineCall.WORKER.host(), InlineCall.WORKER.pid());
  }

  private static PoolEvent.Call named(InlineCall<?, ?> call) {
    return new PoolEvent.Call(call.submission.number(), call.submission.options().label());
  }
}
