package dev.procpool.local.result;

import dev.procpool.LimitKind;
import dev.procpool.Outcome;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.fleet.Worker;
import dev.procpool.protocol.NotSerialized;
import dev.procpool.protocol.ResultTrailer.Kind;
import dev.procpool.protocol.StoppedItem;
import dev.procpool.scheduler.Item;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.WorkerName;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A worker's report of one item, with bytes that are kept: decoded by the call's decoding thread,
 * then concluded by the engine's. One object has all that these steps need, so that no more is
 * allocated for them.
 *
 * <p>Made by the engine's thread and run once.
 */
final class ItemReport implements Runnable {

  private final Delivery delivery;
  private final LocalCall call;
  private final Item item;
  private final Worker worker;
  private final WorkerName by;
  private final boolean isFirst;
  private final Kind kind;
  private final @Nullable LimitKind limit;
  private final long nanos;
  private final byte[] array;
  private final int offset;
  private final int length;
  private final Remains remains;
  private final ItemRun run;

  /** Made in advance: once an item is reported nothing may fail. */
  private final Runnable settled;

  /**
   * Makes it.
   *
   * @param delivery whose it is
   * @param worker whose report it is
   * @param report has taken the item in last
   * @param kind of what
   * @param nanos how long the item ran
   * @param array holds the bytes, and is not written any more
   * @param offset where they begin
   * @param length how many they are
   */
  ItemReport(
      Delivery delivery,
      Worker worker,
      ChunkReport report,
      Kind kind,
      long nanos,
      byte[] array,
      int offset,
      int length) {
    this.delivery = delivery;
    this.call = Objects.requireNonNull(report.call());
    this.item = report.lastItem();
    this.worker = worker;
    this.by = worker.name();
    this.isFirst = worker.itemsDone() + report.count() == 1;
    this.kind = kind;
    this.limit = kind == Kind.TIMED_OUT ? report.limitOfLast() : null;
    this.nanos = nanos;
    this.array = array;
    this.offset = offset;
    this.length = length;
    this.remains = report.remainsOfLast();
    this.run = delivery.run(worker, item, nanos, length);
    this.settled = () -> delivery.settled(call);
  }

  LocalCall call() {
    return call;
  }

  /** How much memory waits for the call's decoding. */
  long bytes() {
    return length + remains.bytes();
  }

  @Override
  public void run() {
    delivery.tell(call, bytes(), decode());
  }

  /** Decodes it, and tells what the engine's thread is to do then, whatever happens. */
  private Runnable decode() {
    try {
      call.tried(item);
      if (kind == Kind.VALUE) {
        value();
        return settled;
      }
      Attempt attempt = delivery.leaving(call, attempt(), remains);
      Outcome<Object> outcome =
          outcome(attempt, Arrays.copyOfRange(array, offset, offset + length));
      return () -> delivery.conclude(call, item, worker, outcome, remains, run);
    } catch (OutOfMemoryError e) {
      return shortage(e);
    } catch (Throwable e) { // whatever it is: the item must not wait for ever
      try {
        call.submission.settled(attempt().leaving(null, remains.progress()).failed(e), run);
        return settled;
      } catch (VirtualMachineError | LinkageError unreported) { // no memory for that either
        return shortage(null);
      }
    }
  }

  private Attempt attempt() {
    return Delivery.attempt(item, nanos, by);
  }

  @SuppressWarnings("NullAway") // the value may be null, as its type may
  private void value() {
    try {
      Object value = call.value(delivery.codec(), array, offset, length);
      call.concluded(item.index());
      call.submission.succeeded(item.index(), value, item.attempt(), nanos, by, length, run);
    } catch (CodecException e) {
      Attempt attempt = delivery.leaving(call, attempt(), remains);
      call.concluded(item.index());
      call.submission.settled(
          attempt.notSerializable(
              "the result can't be deserialized: " + e.getMessage(), e.thrown()),
          run);
    }
  }

  private Outcome<Object> outcome(Attempt attempt, byte[] payload) {
    Codec codec = delivery.codec();
    return switch (kind) {
      case THROWN -> attempt.failed(call.thrown(codec, payload, 0, payload.length));
      case NOT_SERIALIZABLE -> {
        NotSerialized report =
            NotSerialized.read(payload, (bytes, at, size) -> call.thrown(codec, bytes, at, size));
        yield attempt.notSerializable(report.message(), report.thrown());
      }
      case TIMED_OUT -> {
        LimitKind known = Objects.requireNonNull(limit);
        List<StackTraceElement> stack = StoppedItem.stack(payload, 0, payload.length);
        yield attempt.timedOut(known, call.limitOf(item, known), stack, isFirst);
      }
      case CANCELLED -> attempt.cancelled();
      case TOO_LARGE -> {
        long size = payload.length < Long.BYTES ? 0 : ByteBuffer.wrap(payload).getLong();
        yield attempt.failed(delivery.exceeded(attempt.index(), size));
      }
      case VALUE, PART, PROGRESS -> throw new AssertionError(kind + " is no failure");
    };
  }

  private Runnable shortage(@Nullable OutOfMemoryError error) {
    long begin = System.nanoTime();
    while (true) {
      try {
        return () -> delivery.withoutMemory(call, item, worker, nanos, length, error);
      } catch (VirtualMachineError | LinkageError e) {
        if (!delivery.makeRoom(call, begin)) {
          throw e;
        }
      }
    }
  }
}
