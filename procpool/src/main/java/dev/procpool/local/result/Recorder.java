package dev.procpool.local.result;

import dev.procpool.LimitKind;
import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.PoolState;
import dev.procpool.Progress;
import dev.procpool.local.call.Block;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.fleet.WorkerNews;
import dev.procpool.observe.Observation;
import dev.procpool.scheduler.Item;
import dev.procpool.scheduler.Slice;
import dev.procpool.spi.ItemRun;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Tells the {@link Observation} of attempts, by the names that users know, and counts bytes. Owned
 * by the engine's thread, but for the counts, which any may read.
 *
 * <p>While nobody observes a call costs a look at a flag, and nothing is made.
 */
public final class Recorder {

  private final Observation observation;
  private final LongSupplier time;
  private final AtomicLong sentBytes = new AtomicLong();
  private final AtomicLong receivedBytes = new AtomicLong();
  private final AtomicLong chunks = new AtomicLong();

  /**
   * Makes one that has counted nothing.
   *
   * @param time gives {@link System#nanoTime()}, on the engine's thread
   */
  public Recorder(Observation observation, LongSupplier time) {
    this.observation = observation;
    this.time = time;
  }

  /** The pool can't go on. */
  public void broken(Throwable cause) {
    observation.poolChanged(PoolState.BROKEN, cause);
  }

  // ------------------------------------------------------------------ items

  /** Whether it is worth while to find out more than {@link #run} needs: asked once for many. */
  boolean recordsItems() {
    return observation.recordsItems();
  }

  /** Items were sent to a worker. */
  public void chunk(Worker worker, LocalCall call, Slice items, long bytes) {
    add(sentBytes, bytes);
    add(chunks, 1);
    if (observation.recordsChunks()) {
      observation.itemsSent(
          new PoolEvent.ItemsSent(
              observation.pool(),
              Instant.now(),
              named(worker),
              named(call),
              items.firstIndex(),
              items.count(),
              items.attempt(),
              bytes));
    }
  }

  /** Results have come. */
  public void received(long bytes) {
    add(receivedBytes, bytes);
  }

  /** Only this thread adds. */
  private static void add(AtomicLong count, long more) {
    count.setOpaque(count.getPlain() + more);
  }

  /** What is known of an attempt that has ended just now. */
  public ItemRun run(Worker worker, Slice items, int offset, long nanos, long received) {
    Block block = (Block) items.items();
    int at = items.from() + offset;
    long sent = recordsItems() ? block.size(at, 1) : -1;
    return run(worker, items.attempt(), block.fedAt(at), nanos, sent, received);
  }

  /**
   * What is known of attempts that have ended one after the other, the last just now.
   *
   * @param fedAt when the first item was taken from its source
   * @param nanos how long they ran together
   */
  ItemRun run(Worker worker, int attempt, long fedAt, long nanos, long sent, long received) {
    long wait = attempt > 1 ? -1 : Math.max(0, time.getAsLong() - nanos - fedAt);
    return new ItemRun(recordsItems() ? named(worker) : null, wait, sent, received);
  }

  /** A worker has reported an item that it stopped, or has ended with it. */
  public void timeout(Worker worker, LocalCall call, Item item, LimitKind kind, long nanos) {
    if (observation.isOn()) {
      observation.itemTimedOut(
          new PoolEvent.ItemTimeout(
              observation.pool(),
              Instant.now(),
              named(worker),
              named(call),
              item.index(),
              item.attempt(),
              kind,
              call.limitOf(item, kind),
              Duration.ofNanos(nanos)));
    }
  }

  /** Whether anybody may be told of what is rare. */
  public boolean isOn() {
    return observation.isOn();
  }

  /** An item says how far it has come. */
  public void progressed(Worker worker, LocalCall call, Item item, Progress progress) {
    observation.itemProgressed(
        new PoolEvent.ItemProgress(
            observation.pool(),
            Instant.now(),
            named(worker),
            named(call),
            item.index(),
            item.attempt(),
            progress));
  }

  /** An item will be tried again. */
  public void retry(Worker worker, LocalCall call, Item item, Outcome<?> outcome, Duration delay) {
    if (observation.isOn()) {
      observation.itemRetried(
          new PoolEvent.ItemRetry(
              observation.pool(),
              Instant.now(),
              named(worker),
              named(call),
              item.index(),
              outcome,
              delay));
    } else {
      observation.itemRetried();
    }
  }

  // ------------------------------------------------------------------ names and counts

  private static PoolEvent.Worker named(Worker worker) {
    return WorkerNews.named(worker);
  }

  /** A call, as observers know it. */
  public static PoolEvent.Call named(LocalCall call) {
    return new PoolEvent.Call(call.id, call.submission.options().label());
  }

  public long sentBytes() {
    return sentBytes.getOpaque();
  }

  /** How many times items were sent. */
  public long chunks() {
    return chunks.getOpaque();
  }

  public long receivedBytes() {
    return receivedBytes.getOpaque();
  }
}
