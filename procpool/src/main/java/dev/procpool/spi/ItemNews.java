package dev.procpool.spi;

import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolState;
import dev.procpool.Progress;
import dev.procpool.WorkerEnd;
import dev.procpool.WorkerExit;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link ItemBackend} tells its pool's observer, which never waits. Guarded by the
 * backend's lock.
 */
final class ItemNews {

  private final String pool;

  /** By default nobody is told. */
  private PoolObserver observer = new PoolObserver() {};

  ItemNews(String pool) {
    this.pool = pool;
  }

  void tell(PoolObserver whom) {
    observer = whom;
  }

  void started(ItemSlot slot) {
    observer.workerStarted(new PoolEvent.WorkerStart(pool, slot.startedAt, slot.named));
    observer.workerReady(
        new PoolEvent.WorkerReady(pool, slot.startedAt, slot.named, Duration.ZERO));
  }

  void ended(ItemSlot slot, WorkerEnd why, @Nullable WorkerExit exit) {
    Instant now = Instant.now();
    observer.workerEnded(
        new PoolEvent.WorkerGone(
            pool,
            now,
            slot.named,
            why,
            Optional.ofNullable(exit),
            slot.tasksDone,
            Duration.between(slot.startedAt, now)));
  }

  void timedOut(ItemAttempt<?, ?> attempt, Outcome.TimedOut<?> outcome) {
    observer.itemTimedOut(
        new PoolEvent.ItemTimeout(
            pool,
            Instant.now(),
            attempt.slot.named,
            named(attempt.call.submission),
            outcome.index(),
            outcome.attempts(),
            outcome.kind(),
            outcome.limit(),
            outcome.duration()));
  }

  void progressed(ItemAttempt<?, ?> attempt, Progress progress) {
    observer.itemProgressed(
        new PoolEvent.ItemProgress(
            pool,
            Instant.now(),
            attempt.slot.named,
            named(attempt.call.submission),
            attempt.index(),
            attempt.number(),
            progress));
  }

  void retried(ItemAttempt<?, ?> attempt, Outcome<?> outcome, Duration delay) {
    observer.itemRetried(
        new PoolEvent.ItemRetry(
            pool,
            Instant.now(),
            attempt.slot.named,
            named(attempt.call.submission),
            outcome.index(),
            outcome,
            delay));
  }

  void terminated() {
    observer.poolChanged(
        new PoolEvent.PoolChange(pool, Instant.now(), PoolState.TERMINATED, Optional.empty()));
  }

  /** What is known of an attempt beside its outcome. */
  static ItemRun run(ItemAttempt<?, ?> attempt) {
    long waited = attempt.number() == 1 ? attempt.startNanos - attempt.waiting.pulledAt() : -1;
    return new ItemRun(attempt.slot.named, waited, -1, -1);
  }

  static PoolEvent.Call named(Submission<?, ?> call) {
    return new PoolEvent.Call(call.number(), call.options().label());
  }
}
