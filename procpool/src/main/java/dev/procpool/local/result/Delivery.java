package dev.procpool.local.result;

import dev.procpool.Outcome;
import dev.procpool.ResultTooLargeException;
import dev.procpool.codec.Codec;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.settings.ResultLimit;
import dev.procpool.protocol.ResultTrailer.Kind;
import dev.procpool.scheduler.Item;
import dev.procpool.scheduler.Scheduler;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Nanos;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Turns what comes back for an item into its outcome, and reports it or has the item tried again.
 *
 * <p>Called on the engine's thread. What decodes without users' code is decoded there; everything
 * else on the call's own decoding thread, so that a class whose {@code readObject} hangs holds up
 * nobody but its call.
 */
public final class Delivery {

  private static final int INLINE_BYTES = 4096;

  private final Codec codec;
  private final Engine engine;
  private final Scheduler scheduler;
  private final ShortMemory shortMemory;
  private final ResultLimit limit;
  private final Recorder recorder;

  public Delivery(
      Codec codec,
      Engine engine,
      Scheduler scheduler,
      ShortMemory shortMemory,
      ResultLimit limit,
      Recorder recorder) {
    this.codec = codec;
    this.engine = engine;
    this.scheduler = scheduler;
    this.shortMemory = shortMemory;
    this.limit = limit;
    this.recorder = recorder;
  }

  /**
   * Tells whether a result may be decoded here and now, which takes little and runs no foreign
   * code.
   */
  static boolean isInline(Kind kind, byte[] array, int offset, int length) {
    return kind == Kind.VALUE && length <= INLINE_BYTES && Codec.isPlain(array, offset, length);
  }

  /** Takes a worker's report, with bytes that are kept. */
  void take(ItemReport report) {
    LocalCall call = report.call();
    long bytes = report.bytes();
    call.paced.arrived(bytes);
    try {
      call.decoding.execute(report);
    } catch (Throwable e) {
      call.paced.decoded(bytes);
      throw e;
    }
  }

  /** What is known of an attempt that has ended just now. */
  ItemRun run(Worker worker, Item item, long nanos, long received) {
    return recorder.run(worker, item.slice(), 0, nanos, received);
  }

  /** An item of a call has its outcome; on the engine's thread. */
  void settled(LocalCall call) {
    scheduler.settled(call.id, 1);
    if (call.paced.resume()) {
      scheduler.inputReady(call.id, engine.now());
    }
  }

  Codec codec() {
    return codec;
  }

  /** What an item fails with whose result is too large. */
  ResultTooLargeException exceeded(long index, long bytes) {
    return limit.exceeded(index, bytes);
  }

  /**
   * Has the engine go on with what became of a result; if there is no memory for that, the call has
   * to make some.
   */
  void tell(LocalCall call, long bytes, Runnable next) {
    long begin = System.nanoTime();
    boolean isTold = false;
    while (!isTold) {
      try {
        engine.execute(
            () -> {
              call.paced.decoded(bytes);
              next.run();
            });
        isTold = true;
      } catch (VirtualMachineError | LinkageError e) {
        isTold = !makeRoom(call, begin);
      }
    }
  }

  /**
   * Lets go of a call's results: false, and the engine ends, if there is no memory all the same.
   */
  boolean makeRoom(LocalCall call, long begin) {
    try {
      shortMemory.drop(call);
      if (!engine.reserve().awaitMemory(begin)) {
        engine.giveUp(new OutOfMemoryError("no memory for a minute"));
        return false;
      }
    } catch (VirtualMachineError | LinkageError e) {
      // there may be with the next attempt
    }
    return true;
  }

  /** Whether a result is at fault if there is no memory for it. */
  boolean isLarge(long bytes) {
    return limit.isLarge(bytes);
  }

  /** Has an item fail for whose result there is no memory, or its call. */
  void withoutMemory(
      LocalCall call,
      Item item,
      Worker worker,
      long nanos,
      long bytes,
      @Nullable OutOfMemoryError error) {
    shortMemory.lost(call, item, worker, nanos, bytes, error);
    settled(call);
  }

  /**
   * Adds what there is of an item's value, which an earlier attempt may have published. Decodes it,
   * so that users' code may run.
   */
  Attempt leaving(LocalCall call, Attempt attempt, Remains remains) {
    byte[] part = remains.part() == null ? call.published(attempt.index()) : remains.part();
    Object decoded = null;
    if (part != null) {
      try {
        decoded = call.value(codec, part, 0, part.length);
      } catch (Throwable e) { // the item's outcome stays what it is
        SafeLog.log(
            System.Logger.Level.WARNING,
            "what item " + attempt.index() + " has published can't be deserialized",
            e);
      }
    }
    return attempt.leaving(decoded, remains.progress());
  }

  /**
   * Concludes an item that was lost with its worker; later, if users' code has to run to decode
   * what it has published.
   *
   * @param loss why it was lost
   */
  void lost(
      LocalCall call,
      Item item,
      Worker worker,
      Attempt attempt,
      Losses.Loss loss,
      Remains remains,
      ItemRun run) {
    if (remains.part() == null && call.published(item.index()) == null) {
      Attempt known = attempt.leaving(null, remains.progress());
      conclude(call, item, worker, loss.of(known), remains, run);
      return;
    }
    Outcome<Object> withoutPart = loss.of(attempt.leaving(null, remains.progress()));
    call.paced.arrived(remains.bytes());
    try {
      call.decoding.execute(
          () -> {
            Outcome<Object> lost = withoutPart;
            try {
              lost = loss.of(leaving(call, attempt, remains));
            } catch (VirtualMachineError | LinkageError e) {
              // no memory, not even to say so; the item must not wait for ever
            }
            Outcome<Object> told = lost;
            tell(call, remains.bytes(), () -> conclude(call, item, worker, told, remains, run));
          });
    } catch (VirtualMachineError | LinkageError | RejectedExecutionException e) { // no memory
      call.paced.decoded(remains.bytes());
      conclude(call, item, worker, withoutPart, remains, run);
    }
  }

  /**
   * Reports an outcome that is not a success, unless the item is to be tried again.
   *
   * @param remains what there is of the item
   */
  void conclude(
      LocalCall call,
      Item item,
      Worker worker,
      Outcome<Object> outcome,
      Remains remains,
      ItemRun run) {
    Duration wait = call.conclude(outcome, remains.part(), run);
    if (wait == null) {
      settled(call);
    } else {
      recorder.retry(worker, call, item, outcome, wait);
      long now = engine.now();
      scheduler.retry(item, now + Nanos.of(wait), now);
    }
  }

  /** An attempt at an item, which has ended. */
  public static Attempt attempt(Item item, long nanos, WorkerName by) {
    return new Attempt(item.index(), item.attempt(), nanos, by);
  }
}
