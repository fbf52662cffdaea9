package dev.procpool.local;

import dev.procpool.Outcome;
import dev.procpool.Shared;
import dev.procpool.TaskSerializationException;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.function.Task1;
import dev.procpool.guard.SafeLog;
import dev.procpool.guard.SafeText;
import dev.procpool.local.call.EncodedCall;
import dev.procpool.local.call.ItemEncoder;
import dev.procpool.local.call.TaskEncoder;
import dev.procpool.local.classes.ClassSource;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.protocol.FetchMessage;
import dev.procpool.protocol.ProtocolException;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.EncodedActions;
import dev.procpool.spi.EncodedTask;
import dev.procpool.spi.EncodedThrowable;
import dev.procpool.spi.SharedStore;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Set;
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
 *   send(call.item(0, 17, this::report).bytes()); // unless it is null
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

  private final ClassSource classes = new ClassSource(false);
  private final Codec codec;

  /** For arguments and results. */
  private final Codec itemCodec;

  private final TaskEncoder tasks;
  private final EncodedShares shares;

  /** What the actions have of pools of this machine, until this is closed. */
  private final SharedUses ofActions;

  private final byte[] actions;

  /** Makes one with the options of a pool that has none, and which shares no values. */
  public CallEncoder() {
    this(EncodedShares.NOWHERE);
  }

  /**
   * Makes one with the options of a pool that has none, which shares values.
   *
   * @param store keeps the bytes of shared values for the JVMs that run the calls
   */
  public CallEncoder(SharedStore store) {
    this(new DefaultOptions(), store);
  }

  /**
   * Makes one that writes and reads values as a builder was told, and shares some.
   *
   * @param options the builder; not kept
   * @param store keeps the bytes of shared values for the JVMs that run the calls
   * @throws TaskSerializationException if the initializer, the finalizer or the object codec can't
   *     be serialized
   */
  public CallEncoder(DataOptions<?> options, SharedStore store) {
    this.shares = new EncodedShares(store);
    this.ofActions = shares.uses();
    PoolSettings.Codecs codecs = options.codecs(classes, ofActions);
    PoolSettings.Actions all = options.actions(classes, ofActions);
    this.codec = codecs.codec();
    this.itemCodec = codecs.forItems(codec);
    this.tasks = new TaskEncoder(codec);
    this.actions =
        EncodedActions.write(
            all.initializer(),
            all.finalizer(),
            codecs.itemCodec().codec(),
            options.codecJvmOptions(),
            codecs.itemCodec().writesResults(),
            codecs.maxPayload(),
            all.loader(),
            codecs.itemCodec().loader());
  }

  private static final class DefaultOptions extends DataOptions<DefaultOptions> {
    @Override
    protected DefaultOptions self() {
      return this;
    }
  }

  /**
   * Gives what the workers are to be started with, to be read by {@link EncodedActions#read}.
   *
   * @return the bytes; not a copy
   */
  public byte[] actions() {
    return actions;
  }

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
    SharedUses uses = shares.uses();
    SharedUses ofTask = uses.part();
    EncodedCall encoded;
    SharedUses before = ofTask.enter();
    try {
      encoded = tasks.encode(task);
    } catch (Throwable e) { // no memory left, say
      uses.end();
      throw e;
    } finally {
      SharedUses.leave(before);
    }
    long number = classes.open(encoded.loader(), encoded.reach());
    byte[] bytes =
        EncodedTask.write(encoded.task(), encoded.variables(), encoded.isStateless(), number);
    return new Call<>(
        this,
        bytes,
        shares.own(ofTask),
        number,
        encoded.loader(),
        new ItemEncoder(itemCodec, encoded.failure()),
        uses);
  }

  /**
   * Shares a value with all calls of this encoder, as {@link dev.procpool.Pool#share} does: it is
   * written to the {@linkplain SharedStore store} now, and once, and calls carry but its key. It is
   * dropped there when its handle was closed, or nobody refers to it, and each call that uses it
   * was {@linkplain Call#close closed}.
   *
   * @param <T> the type of the value
   * @param value the value
   * @return the handle
   * @throws TaskSerializationException if it can't be serialized
   * @throws java.io.UncheckedIOException if the store throws
   * @throws IllegalStateException if this encoder has no store, or was closed
   */
  public <T extends @Nullable Object> Shared<T> share(T value) {
    return shares.share(value, codec);
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

  /** Ends it: what is asked from now on is not found, and shared values are dropped. */
  @Override
  public void close() {
    classes.close();
    ofActions.end();
    shares.end();
  }

  /**
   * An encoded item. Immutable.
   *
   * @param bytes its bytes; not a copy
   * @param shared the keys of the shared values that it refers to, and of those within them: they
   *     are to be where it is run before it begins
   * @since 0.2.0
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Item(byte[] bytes, Set<String> shared) {}

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
    private final Set<String> shared;
    private final long number;
    private final ClassLoader loader;
    private final ItemEncoder items;
    private final SharedUses uses;

    private Call(
        CallEncoder encoder,
        byte[] task,
        Set<String> shared,
        long number,
        ClassLoader loader,
        ItemEncoder items,
        SharedUses uses) {
      this.encoder = encoder;
      this.task = task;
      this.shared = shared;
      this.number = number;
      this.loader = loader;
      this.items = items;
      this.uses = uses;
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
     * Tells which shared values the task refers to: they are to be where it is run before an item
     * begins.
     *
     * @return their keys, and those of the values within them
     */
    public Set<String> shared() {
      return shared;
    }

    /**
     * Encodes an item. The shared values that it refers to are held until the call is closed.
     *
     * @param index its place in the call
     * @param item the item
     * @param failed is given its outcome if it, or the task, can't be serialized
     * @return the item; null if there is an outcome
     */
    public @Nullable Item item(long index, T item, Consumer<Outcome<R>> failed) {
      ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
      SharedUses ofItem = uses.part();
      SharedUses before = ofItem.enter();
      Outcome<R> failure;
      try {
        failure = items.encode(index, item, out);
      } finally {
        SharedUses.leave(before);
      }
      if (failure == null) {
        return new Item(out.toByteArray(), encoder.shares.own(ofItem));
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
          R value = (R) encoder.itemCodec.decode(bytes, 0, bytes.length, loader);
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

    /**
     * Decodes a value that an item has come to. It runs code of users' classes.
     *
     * @param bytes hold it
     * @param offset where it begins
     * @param length how many bytes it has
     * @param to is given the value, which may be null
     * @return false if it can't be read, and {@code to} was given nothing: {@link #outcome} of the
     *     same bytes tells why
     * @since 0.2.0
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // as in outcome
    public boolean value(byte[] bytes, int offset, int length, Consumer<? super R> to) {
      R value;
      try {
        value = (R) encoder.itemCodec.decode(bytes, offset, length, loader);
      } catch (CodecException e) {
        return false;
      }
      to.accept(value);
      return true;
    }

    /** What the item has published; null if it is nothing, or can't be read. */
    private @Nullable Object part(Outcome<byte[]> outcome) {
      byte[] bytes = outcome.partial().orElse(null);
      if (bytes == null) {
        return null;
      }
      try {
        return encoder.itemCodec.decode(bytes, 0, bytes.length, loader);
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

    /** Says that no worker asks for its classes, or needs what it shares, any more. */
    @Override
    public void close() {
      encoder.classes.close(number);
      uses.end();
    }
  }
}
