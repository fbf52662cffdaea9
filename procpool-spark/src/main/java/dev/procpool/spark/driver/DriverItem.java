package dev.procpool.spark.driver;

import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.WorkerExit;
import dev.procpool.local.CallEncoder;
import dev.procpool.local.EncodedOutcome;
import dev.procpool.spark.slots.SlotItem;
import dev.procpool.spark.wire.Chunk;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.EncodedItem;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An item of a call on its way, encoded. Guarded by the backend's lock. */
final class DriverItem {

  /** What an item takes in memory beside its bytes, about. */
  private static final int OVERHEAD = 256;

  private final DriverCall<?, ?> call;
  private final CallEncoder.Item encoded;
  private final @Nullable Duration limit;
  private final long pulledAt = System.nanoTime();
  private final SlotItem<DriverItem> place;

  /** The last attempt at it. */
  private Attempt last;

  /** What earlier attempts have published, encoded; null for nothing. */
  private byte @Nullable [] published;

  DriverItem(
      DriverCall<?, ?> call, long index, CallEncoder.Item encoded, @Nullable Duration limit) {
    this.call = call;
    this.encoded = encoded;
    this.limit = limit;
    this.last = Attempt.none(index);
    this.place = new SlotItem<>(call.slots(), this, encoded.bytes().length + OVERHEAD);
  }

  DriverCall<?, ?> call() {
    return call;
  }

  SlotItem<DriverItem> place() {
    return place;
  }

  long index() {
    return last.index();
  }

  /** How often it was started, as far as is known. */
  int attempts() {
    return last.number();
  }

  /**
   * An attempt has ended, and another is to follow.
   *
   * @param raw the same outcome, encoded
   */
  void again(Outcome<?> outcome, Outcome<byte[]> raw) {
    last = Attempt.of(outcome);
    byte[] part = raw.partial().orElse(null);
    if (part != null) {
      published = part;
    }
  }

  Chunk.Item message() {
    return new Chunk.Item(
        new EncodedItem(index(), last.number(), encoded.bytes(), published),
        limit,
        encoded.shared());
  }

  /** What becomes of it when whoever has it is gone. */
  Outcome<byte[]> lost(WorkerExit exit) {
    Duration ran = Duration.ofNanos(System.nanoTime() - place.givenAt());
    WorkerName worker = WorkerName.of(exit.host(), exit.pid());
    return new Attempt(index(), last.number() + 1, ran, worker).leaving(published, null).lost(exit);
  }

  /** What becomes of it when its outcome can't be read. */
  Outcome<byte[]> failed(Throwable why) {
    Duration ran = Duration.ofNanos(System.nanoTime() - place.givenAt());
    return new Attempt(index(), last.number() + 1, ran, WorkerName.NONE).failed(why);
  }

  <R> Outcome<R> cancelled() {
    return last.cancelled();
  }

  /** What is known of its run, and its wait here. */
  ItemRun run(EncodedOutcome.Received received) {
    ItemRun run = received.run();
    Outcome<byte[]> outcome = received.outcome();
    PoolEvent.Worker worker =
        outcome.workerPid() == 0 ? null : worker(outcome.host(), outcome.workerPid());
    return new ItemRun(worker, waited(), run.sentBytes(), run.receivedBytes());
  }

  /** The process that ran it. */
  PoolEvent.Worker worker(String host, long pid) {
    return new PoolEvent.Worker(place.worker(), host, pid);
  }

  /** How long it waited here before its first attempt; -1 if that was not the last. */
  long waited() {
    return last.number() == 0 ? place.givenAt() - pulledAt : -1;
  }

  /** How many bytes its argument takes. */
  int bytes() {
    return encoded.bytes().length;
  }
}
