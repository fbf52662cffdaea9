package dev.procpool.local.result;

import dev.procpool.Outcome;
import dev.procpool.events.PoolEvents;
import dev.procpool.local.call.LocalJob;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.output.CallLabels;
import dev.procpool.scheduler.Item;
import dev.procpool.scheduler.Slice;
import dev.procpool.spi.Nanos;
import java.time.Duration;

/**
 * Tells {@link PoolEvents} of items, by the names that users know. Owned by the engine's thread.
 */
public final class Recorder {

  private final PoolEvents events;
  private final CallLabels labels;

  public Recorder(PoolEvents events, CallLabels labels) {
    this.events = events;
    this.labels = labels;
  }

  /** Whether {@link #item} would be recorded: asked once for many items. */
  boolean recordsItems() {
    return events.recordsItems();
  }

  /** Items were sent to a worker. */
  public void chunk(Worker worker, long job, Slice items, long bytes) {
    if (events.recordsChunks()) {
      events.chunk(named(worker, job, items.firstIndex(), items.attempt()), items.count(), bytes);
    }
  }

  /** A worker has reported an item. */
  void item(Worker worker, long job, Slice items, int offset, String outcome, long nanos) {
    events.item(named(worker, job, items.firstIndex() + offset, items.attempt()), outcome, nanos);
  }

  /** A worker has reported an item that it stopped. */
  void timeout(Worker worker, LocalJob job, Item item, long nanos) {
    events.timeout(named(worker, job.id, item.index(), item.attempt()), job.timeoutNanos(), nanos);
  }

  /** An item has ended with its worker. */
  public void lost(Worker worker, LocalJob job, Item item, Outcome<?> outcome) {
    long nanos = Nanos.of(outcome.duration());
    String how = outcome.getClass().getSimpleName();
    events.item(named(worker, job.id, item.index(), item.attempt()), how, nanos);
    if (outcome instanceof Outcome.TimedOut) {
      timeout(worker, job, item, nanos);
    }
  }

  /** An item will be tried again. */
  public void retry(Worker worker, LocalJob job, Item item, Outcome<?> outcome, Duration delay) {
    events.retry(
        named(worker, job.id, item.index(), item.attempt()),
        outcome.getClass().getSimpleName(),
        Nanos.of(delay));
  }

  private PoolEvents.Item named(Worker worker, long job, long index, int attempt) {
    return new PoolEvents.Item(worker.number, worker.pid(), job, labels.of(job), index, attempt);
  }
}
