package dev.procpool.local.result;

import dev.procpool.LimitKind;
import dev.procpool.Outcome;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.guard.SafeLog;
import dev.procpool.local.call.LocalJob;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.settings.ResultLimit;
import dev.procpool.protocol.NotSerialized;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.protocol.ResultTrailer.Kind;
import dev.procpool.protocol.StoppedItem;
import dev.procpool.scheduler.Item;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.WorkerName;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
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

  /** What becomes of an item; called on the engine's thread. */
  public interface Verdict {

    void settled(LocalJob job);

    void retry(LocalJob job, Item item, Worker worker, Outcome<?> outcome, Duration delay);

    /** Lets go of the results of a call, for which there is no memory; from any thread. */
    void drop(LocalJob job);

    /** There was no memory for an item's result of so many bytes. */
    void withoutMemory(
        LocalJob job,
        Item item,
        Worker worker,
        long nanos,
        long bytes,
        @Nullable OutOfMemoryError error);
  }

  private final Codec codec;
  private final Engine engine;
  private final Verdict verdict;
  private final ResultLimit limit;
  private final Recorder recorder;

  public Delivery(
      Codec codec, Engine engine, Verdict verdict, ResultLimit limit, Recorder recorder) {
    this.codec = codec;
    this.engine = engine;
    this.verdict = verdict;
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
  void result(
      LocalJob job,
      Item item,
      Worker worker,
      boolean isFirst,
      Kind kind,
      long nanos,
      byte[] array,
      int offset,
      int length,
      Remains remains) {
    WorkerName by = worker.name();
    ItemRun run = recorder.run(worker, item.slice(), 0, nanos, length);
    Runnable settled = () -> verdict.settled(job); // now: once it is reported nothing may fail
    long bytes = length + remains.bytes();
    job.paced.arrived(bytes);
    try {
      job.decoding.execute(
          () ->
              tell(
                  job,
                  bytes,
                  decode(
                      job, item, worker, by, isFirst, kind, nanos, array, offset, length, remains,
                      run, settled)));
    } catch (Throwable e) {
      job.paced.decoded(bytes);
      throw e;
    }
  }

  /**
   * Has the engine go on with what became of a result; if there is no memory for that, the call has
   * to make some.
   */
  private void tell(LocalJob job, long bytes, Runnable next) {
    long begin = System.nanoTime();
    boolean isTold = false;
    while (!isTold) {
      try {
        engine.execute(
            () -> {
              job.paced.decoded(bytes);
              next.run();
            });
        isTold = true;
      } catch (VirtualMachineError | LinkageError e) {
        isTold = !makeRoom(job, begin);
      }
    }
  }

  /**
   * Lets go of a call's results: false, and the engine ends, if there is no memory all the same.
   */
  private boolean makeRoom(LocalJob job, long begin) {
    try {
      verdict.drop(job);
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
      LocalJob job,
      Item item,
      Worker worker,
      long nanos,
      long bytes,
      @Nullable OutOfMemoryError error) {
    verdict.withoutMemory(job, item, worker, nanos, bytes, error);
  }

  /** Decodes a report, and tells what the engine's thread is to do then, whatever happens. */
  private Runnable decode(
      LocalJob job,
      Item item,
      Worker worker,
      WorkerName by,
      boolean isFirst,
      Kind kind,
      long nanos,
      byte[] array,
      int offset,
      int length,
      Remains remains,
      ItemRun run,
      Runnable settled) {
    try {
      job.tried(item);
      if (kind == Kind.VALUE) {
        value(job, item, by, nanos, array, offset, length, remains, run);
        return settled;
      }
      byte[] payload = Arrays.copyOfRange(array, offset, offset + length);
      Attempt attempt = leaving(job, attempt(item, nanos, by), remains);
      Outcome<Object> outcome = outcome(job, item, attempt, isFirst, kind, payload);
      return () -> conclude(job, item, worker, outcome, remains, run);
    } catch (OutOfMemoryError e) {
      return shortage(job, item, worker, nanos, length, e);
    } catch (Throwable e) { // whatever it is: the item must not wait for ever
      try {
        job.submission.settled(
            attempt(item, nanos, by).leaving(null, remains.progress()).failed(e), run);
        return settled;
      } catch (VirtualMachineError | LinkageError unreported) { // no memory for that either
        return shortage(job, item, worker, nanos, length, null);
      }
    }
  }

  private Runnable shortage(
      LocalJob job,
      Item item,
      Worker worker,
      long nanos,
      int length,
      @Nullable OutOfMemoryError error) {
    long begin = System.nanoTime();
    while (true) {
      try {
        return () -> verdict.withoutMemory(job, item, worker, nanos, length, error);
      } catch (VirtualMachineError | LinkageError e) {
        if (!makeRoom(job, begin)) {
          throw e;
        }
      }
    }
  }

  /**
   * Adds what there is of an item's value, which an earlier attempt may have published. Decodes it,
   * so that users' code may run.
   */
  Attempt leaving(LocalJob job, Attempt attempt, Remains remains) {
    byte[] part = remains.part() == null ? job.published(attempt.index()) : remains.part();
    Object decoded = null;
    if (part != null) {
      try {
        decoded = job.value(codec, part, 0, part.length);
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
   * @param outcome makes its outcome of an attempt
   */
  void lost(
      LocalJob job,
      Item item,
      Worker worker,
      Attempt attempt,
      Function<Attempt, Outcome<Object>> outcome,
      Remains remains,
      ItemRun run) {
    if (remains.part() == null && job.published(item.index()) == null) {
      Attempt known = attempt.leaving(null, remains.progress());
      conclude(job, item, worker, outcome.apply(known), remains, run);
      return;
    }
    Outcome<Object> withoutPart = outcome.apply(attempt.leaving(null, remains.progress()));
    job.paced.arrived(remains.bytes());
    try {
      job.decoding.execute(
          () -> {
            Outcome<Object> lost = withoutPart;
            try {
              lost = outcome.apply(leaving(job, attempt, remains));
            } catch (VirtualMachineError | LinkageError e) {
              // no memory, not even to say so; the item must not wait for ever
            }
            Outcome<Object> told = lost;
            tell(job, remains.bytes(), () -> conclude(job, item, worker, told, remains, run));
          });
    } catch (VirtualMachineError | LinkageError | RejectedExecutionException e) { // no memory
      job.paced.decoded(remains.bytes());
      conclude(job, item, worker, withoutPart, remains, run);
    }
  }

  /**
   * Reports an outcome that is not a success, unless the item is to be tried again.
   *
   * @param remains what there is of the item
   */
  void conclude(
      LocalJob job,
      Item item,
      Worker worker,
      Outcome<Object> outcome,
      Remains remains,
      ItemRun run) {
    Duration wait = job.waitBeforeNext(outcome);
    if (wait != null) {
      if (remains.part() != null) {
        job.published(item.index(), remains.part());
      }
      verdict.retry(job, item, worker, outcome, wait);
    } else {
      job.concluded(item.index());
      job.submission.settled(outcome, run);
      verdict.settled(job);
    }
  }

  @SuppressWarnings("NullAway") // the value may be null, as its type may
  private void value(
      LocalJob job,
      Item item,
      WorkerName by,
      long nanos,
      byte[] array,
      int offset,
      int length,
      Remains remains,
      ItemRun run) {
    try {
      Object value = job.value(codec, array, offset, length);
      job.concluded(item.index());
      job.submission.succeeded(item.index(), value, item.attempt(), nanos, by, length, run);
    } catch (CodecException e) {
      Attempt attempt = leaving(job, attempt(item, nanos, by), remains);
      job.concluded(item.index());
      job.submission.settled(
          attempt.notSerializable(
              "the result can't be deserialized: " + e.getMessage(), e.thrown()),
          run);
    }
  }

  /** An attempt at an item, which has ended. */
  public static Attempt attempt(Item item, long nanos, WorkerName by) {
    return new Attempt(item.index(), item.attempt(), nanos, by);
  }

  private Outcome<Object> outcome(
      LocalJob job, Item item, Attempt attempt, boolean isFirst, Kind kind, byte[] payload) {
    return switch (kind) {
      case THROWN -> attempt.failed(job.thrown(codec, payload, 0, payload.length));
      case NOT_SERIALIZABLE -> {
        NotSerialized report =
            NotSerialized.read(payload, (bytes, at, size) -> job.thrown(codec, bytes, at, size));
        yield attempt.notSerializable(report.message(), report.thrown());
      }
      case TIMED_OUT -> {
        LimitKind limit = limit(payload);
        byte[] stack = Arrays.copyOfRange(payload, 1, payload.length);
        yield attempt.timedOut(limit, job.limitOf(item, limit), Stacks.read(stack), isFirst);
      }
      case CANCELLED -> attempt.cancelled();
      case TOO_LARGE -> {
        long size = payload.length < Long.BYTES ? 0 : ByteBuffer.wrap(payload).getLong();
        yield attempt.failed(limit.exceeded(attempt.index(), size));
      }
      case VALUE, PART, PROGRESS -> throw new AssertionError(kind + " is no failure");
    };
  }

  private static LimitKind limit(byte[] payload) {
    try {
      return StoppedItem.kind(payload, 0, payload.length);
    } catch (ProtocolException e) {
      throw new AssertionError("checked when it came", e);
    }
  }
}
