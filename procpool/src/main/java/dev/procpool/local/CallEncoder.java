package dev.procpool.local;

import dev.procpool.Outcome;
import dev.procpool.TaskSerializationException;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.codec.DepthFilter;
import dev.procpool.function.Task1;
import dev.procpool.guard.SafeLog;
import dev.procpool.guard.SafeText;
import dev.procpool.local.call.EncodedCall;
import dev.procpool.local.call.ItemEncoder;
import dev.procpool.local.call.TaskEncoder;
import dev.procpool.local.classes.ClassSource;
import dev.procpool.protocol.FetchMessage;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.EncodedTask;
import dev.procpool.spi.EncodedThrowable;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Encodes calls for worker processes of another JVM, on another machine, say, that has none of
 * their classes, and decodes what comes back. The other JVM runs {@link EncodedTask}s.
 *
 * <pre>{@code
 * try (CallEncoder encoder = new CallEncoder();
 *     CallEncoder.Call<Integer, String> call = encoder.encode(task)) {
 *   send(call.task());
 *   send(call.item(0, 17, this::report)); // unless it is null
 *   Outcome<String> outcome = call.outcome(receive());
 * }
 * }</pre>
 *
 * <p>Workers have the classes of the JDK and of procpool. All others they ask for: the bytes that
 * the other JVM's {@link dev.procpool.spi.RemoteClasses} passes on go to {@link #answer}. Both JVMs
 * have the same version of procpool. Thread-safe; so are its calls.
 *
 * @since 0.2.0
 */
public final class CallEncoder implements AutoCloseable {

  /** As of a pool that has no filter. */
  private static final int MAX_DEPTH = 1000;

  private final Codec codec = new Codec(new DepthFilter(MAX_DEPTH), DataOptions.MAX_PAYLOAD);
  private final TaskEncoder tasks = new TaskEncoder(codec);
  private final ClassSource classes = new ClassSource(false);

  /** Makes one. */
  public CallEncoder() {}

  /**
   * Begins a call.
   *
   * @param <T> the type of the items
   * @param <R> the type of the results
   * @param task the task
   * @return the call, to be closed when no more outcomes come and no worker runs it any more
   */
  public <T extends @Nullable Object, R extends @Nullable Object> Call<T, R> encode(
      Task1<? super T, ? extends R> task) {
    EncodedCall encoded = tasks.encode(task);
    long number = classes.open(encoded.loader(), encoded.reach());
    byte[] bytes =
        EncodedTask.write(encoded.task(), encoded.variables(), encoded.isStateless(), number);
    return new Call<>(
        this, bytes, number, encoded.loader(), new ItemEncoder(codec, encoded.failure()));
  }

  /**
   * Answers a question of a worker's for a class or a resource. It may run code of users' class
   * loaders, and wait for that.
   *
   * @param worker who asks: whoever keeps what the answers have, such as the other JVM. An object
   *     that stays the same, compared by identity or {@code equals}
   * @param question what {@link dev.procpool.spi.RemoteClasses} was asked
   * @return the answer
   * @throws IllegalArgumentException if this is no such question
   */
  public byte[] answer(Object worker, byte[] question) {
    try {
      FetchMessage.Answer answer =
          classes.answer(worker, FetchMessage.read(ByteBuffer.wrap(question)));
      ByteOutput out = new ByteOutput(4096, Long.MAX_VALUE);
      answer.write(out);
      return out.toByteArray();
    } catch (ProtocolException e) {
      throw new IllegalArgumentException("no question for a class: " + e.getMessage(), e);
    }
  }

  /** Ends it: what is asked from now on is not found. */
  @Override
  public void close() {
    classes.close();
  }

  /**
   * A call whose task is encoded. Thread-safe.
   *
   * @param <T> the type of the items
   * @param <R> the type of the results
   * @since 0.2.0
   */
  public static final class Call<T extends @Nullable Object, R extends @Nullable Object>
      implements AutoCloseable {

    private final CallEncoder encoder;
    private final byte[] task;
    private final long number;
    private final ClassLoader loader;
    private final ItemEncoder items;

    private Call(
        CallEncoder encoder, byte[] task, long number, ClassLoader loader, ItemEncoder items) {
      this.encoder = encoder;
      this.task = task;
      this.number = number;
      this.loader = loader;
      this.items = items;
    }

    /**
     * Gives the task, to be read by {@link EncodedTask#read}.
     *
     * @return the bytes; not a copy
     */
    public byte[] task() {
      return task;
    }

    /**
     * Encodes an item.
     *
     * @param index its place in the call
     * @param item the item
     * @param failed is given its outcome if it, or the task, can't be serialized
     * @return the bytes; null if there is an outcome
     */
    public byte @Nullable [] item(long index, T item, Consumer<Outcome<R>> failed) {
      ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
      Outcome<R> failure = items.encode(index, item, out);
      if (failure == null) {
        return out.toByteArray();
      }
      failed.accept(failure);
      return null;
    }

    /**
     * Decodes an outcome. It runs code of users' classes.
     *
     * @param outcome the outcome as the other JVM's pool had it
     * @return the outcome with its value, or with what the task threw
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // the task's results are R, which may be null
    public Outcome<R> outcome(Outcome<byte[]> outcome) {
      Attempt attempt = Attempt.of(outcome);
      if (outcome instanceof Outcome.Success<byte[]> success) {
        byte[] bytes = success.value();
        try {
          R value = (R) encoder.codec.decode(bytes, 0, bytes.length, loader);
          return attempt.succeeded(value);
        } catch (CodecException e) {
          return attempt.notSerializable(
              "the result can't be deserialized: " + e.getMessage(), e.thrown());
        }
      }
      Attempt decoded = attempt.leaving(part(outcome), outcome.progress().orElse(null));
      if (outcome instanceof Outcome.Failure<byte[]> failure) {
        return decoded.failed(decoded(failure.error()));
      } else if (outcome instanceof Outcome.TimedOut<byte[]> timedOut) {
        return decoded.timedOut(
            timedOut.kind(), timedOut.limit(), timedOut.stack(), timedOut.firstOfWorker());
      } else if (outcome instanceof Outcome.WorkerLost<byte[]> lost) {
        return decoded.lost(lost.exit());
      } else if (outcome instanceof Outcome.Cancelled<byte[]>) {
        return decoded.cancelled();
      }
      return (Outcome<R>) outcome; // it has not finished
    }

    /** What the item has published; null if it is nothing, or can't be read. */
    private @Nullable Object part(Outcome<byte[]> outcome) {
      byte[] bytes = outcome.partial().orElse(null);
      if (bytes == null) {
        return null;
      }
      try {
        return encoder.codec.decode(bytes, 0, bytes.length, loader);
      } catch (CodecException e) {
        SafeLog.log(
            System.Logger.Level.WARNING,
            "what item " + outcome.index() + " has published can't be deserialized",
            e);
        return null;
      }
    }

    private Throwable decoded(Throwable cause) {
      if (cause instanceof EncodedThrowable encoded) {
        byte[] bytes = encoded.bytes();
        return encoder.codec.decodeThrowable(bytes, 0, bytes.length, loader);
      }
      if (cause instanceof TaskSerializationException
          && SafeText.cause(cause) instanceof EncodedThrowable encoded) {
        return new TaskSerializationException(
            Objects.requireNonNullElse(SafeText.message(cause), ""), decoded(encoded));
      }
      return cause;
    }

    /** Says that no worker asks for its classes any more. */
    @Override
    public void close() {
      encoder.classes.close(number);
    }
  }
}
