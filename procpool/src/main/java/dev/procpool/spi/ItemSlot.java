package dev.procpool.spi;

import dev.procpool.PoolEvent;
import dev.procpool.PoolStats;
import dev.procpool.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A worker of an {@link ItemBackend}, its number, and what tasks left in it. Guarded by the
 * backend's lock, but for the state, which is the running task's.
 */
final class ItemSlot {

  final int number;
  final ItemWorker worker;
  final PoolEvent.Worker named;
  final Instant startedAt = Instant.now();
  final Map<Class<?>, Object> state = new ConcurrentHashMap<>();
  private final WorkerName name;

  /** Whether the running task has asked for another worker after it. */
  volatile boolean isToBeReplaced;

  long tasksDone;
  @Nullable ItemAttempt<?, ?> attempt;

  ItemSlot(int number, ItemWorker worker) {
    this.number = number;
    this.worker = worker;
    this.name = worker.name();
    this.named = new PoolEvent.Worker(number, name.host(), name.pid());
  }

  WorkerName name() {
    return name;
  }

  WorkerInfo describe() {
    return new WorkerInfo(
        number,
        name.host(),
        name.pid(),
        attempt == null ? WorkerInfo.State.IDLE : WorkerInfo.State.BUSY,
        tasksDone,
        startedAt,
        OptionalLong.empty(),
        attempt == null ? Optional.empty() : attempt.progress(),
        worker::threadDump);
  }

  PoolStats.Worker stats() {
    ItemAttempt<?, ?> now = attempt;
    return new PoolStats.Worker(
        describe(),
        now == null
            ? Optional.empty()
            : Optional.of(
                new PoolStats.Item(
                    ItemNews.named(now.call.submission),
                    now.index(),
                    now.number(),
                    Duration.ofNanos(System.nanoTime() - now.startNanos),
                    now.progress())));
  }
}
