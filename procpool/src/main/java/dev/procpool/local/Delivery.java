package dev.procpool.local;

import dev.procpool.Outcome;
import dev.procpool.TaskSerializationException;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.protocol.ResultHeader;
import dev.procpool.protocol.ResultHeader.Kind;
import dev.procpool.scheduler.Item;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns what comes back for an item into its outcome, and reports it or has the item tried again.
 *
 * <p>Called on the engine's thread. What decodes without users' code is decoded there; everything
 * else on the call's own decoding thread, so that a class whose {@code readObject} hangs holds up
 * nobody but its call.
 */
final class Delivery {

  private static final int INLINE_BYTES = 4096;

  /** What becomes of an item; called on the engine's thread. */
  interface Verdict {

    void settled(LocalJob job);

    void retry(LocalJob job, Item item, Duration delay);
  }

  private final Codec codec;
  private final Engine engine;
  private final Verdict verdict;

  Delivery(Codec codec, Engine engine, Verdict verdict) {
    this.codec = codec;
    this.engine = engine;
    this.verdict = verdict;
  }

  /** Takes a worker's report. The bytes are copied if they are needed longer. */
  void result(
      LocalJob job,
      Item item,
      long pid,
      ResultHeader header,
      byte[] array,
      int offset,
      int length) {
    if (header.kind() == Kind.VALUE
        && length <= INLINE_BYTES
        && Codec.isPlain(array, offset, length)) {
      value(job, item, pid, header.nanos(), array, offset, length);
      verdict.settled(job);
      return;
    }
    byte[] payload = Arrays.copyOfRange(array, offset, offset + length);
    job.decoding.execute(
        () -> {
          if (header.kind() == Kind.VALUE) {
            value(job, item, pid, header.nanos(), payload, 0, payload.length);
            engine.execute(() -> verdict.settled(job));
          } else {
            Outcome<Object> outcome = outcome(job, item, pid, header, payload);
            engine.execute(() -> conclude(job, item, outcome));
          }
        });
  }

  /** Reports an outcome that is not a success, unless the item is to be tried again. */
  void conclude(LocalJob job, Item item, Outcome<Object> outcome) {
    if (job.retry != null && job.retry.retries(outcome)) {
      verdict.retry(job, item, job.retry.delay(item.attempt()));
    } else {
      job.submission.settled(outcome);
      verdict.settled(job);
    }
  }

  private void value(
      LocalJob job, Item item, long pid, long nanos, byte[] array, int offset, int length) {
    try {
      Object value = codec.decode(array, offset, length, job.loader);
      job.submission.succeeded(item.index(), value, item.attempt(), nanos, pid);
    } catch (CodecException e) {
      job.submission.settled(
          notSerializable(
              item, pid, nanos, "the result can't be deserialized: " + e.getMessage(), e));
    }
  }

  private Outcome<Object> outcome(
      LocalJob job, Item item, long pid, ResultHeader header, byte[] payload) {
    Duration ran = Duration.ofNanos(header.nanos());
    return switch (header.kind()) {
      case THROWN ->
          new Outcome.Failure<>(
              item.index(),
              item.attempt(),
              ran,
              pid,
              codec.decodeThrowable(payload, 0, payload.length, job.loader));
      case NOT_SERIALIZABLE ->
          notSerializable(
              item, pid, header.nanos(), new String(payload, StandardCharsets.UTF_8), null);
      case TIMED_OUT -> timedOut(job, item, pid, ran, stack(payload));
      case CANCELLED -> new Outcome.Cancelled<>(item.index(), item.attempt(), ran, pid);
      case VALUE -> throw new AssertionError("a value is no failure");
    };
  }

  /** The outcome of an item that was stopped. */
  static Outcome<Object> timedOut(
      LocalJob job, Item item, long pid, Duration ran, List<StackTraceElement> stack) {
    Duration limit = job.timeout == null ? Duration.ZERO : job.timeout;
    return new Outcome.TimedOut<>(item.index(), item.attempt(), ran, pid, limit, stack);
  }

  /** Reads the stack that a worker sent. */
  List<StackTraceElement> stack(byte[] payload) {
    ClassLoader own = Delivery.class.getClassLoader();
    return List.of(codec.decodeThrowable(payload, 0, payload.length, own).getStackTrace());
  }

  private static Outcome<Object> notSerializable(
      Item item, long pid, long nanos, String message, @Nullable Throwable cause) {
    return new Outcome.Failure<>(
        item.index(),
        item.attempt(),
        Duration.ofNanos(nanos),
        pid,
        new TaskSerializationException("item " + item.index() + ": " + message, cause));
  }
}
