package dev.procpool.local;

import dev.procpool.TaskSerializationException;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.function.Action0;
import dev.procpool.local.classes.ClassSource;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.protocol.ItemCodec;
import dev.procpool.sharing.SharedUses;
import dev.procpool.spi.ObjectCodec;
import java.io.ObjectInputFilter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Options of what crosses to workers and back: actions of theirs, and how values are written and
 * read. Each method changes and returns the builder, of {@link ProcessPool} or of another backend
 * with processes. Not thread-safe.
 *
 * @param <B> the builder
 * @since 0.2.0
 */
public abstract class DataOptions<B extends DataOptions<B>> {

  /** The largest, and the default. */
  static final long MAX_PAYLOAD = Integer.MAX_VALUE - 1024;

  private @Nullable Action0 initializer;
  private @Nullable Action0 finalizer;
  private long maxPayload = MAX_PAYLOAD;
  private @Nullable ObjectInputFilter resultFilter;
  private @Nullable ObjectCodec objectCodec;

  /** For builders. */
  protected DataOptions() {}

  /**
   * Gives the builder itself.
   *
   * @return this
   */
  protected abstract B self();

  /**
   * Sets an action that each worker runs before its first task, for instance to leave state with
   * {@link dev.procpool.WorkerContext#setState}. If it fails again and again the pool is broken.
   *
   * @param action the action; crosses to the workers by serialization
   * @return this
   */
  public B initializer(Action0 action) {
    initializer = Objects.requireNonNull(action, "action");
    return self();
  }

  /**
   * Sets an action that each worker runs at its orderly end: when it is replaced, idle for long, or
   * the pool shuts down, but not when it is killed. The action has 5 seconds. Default: nothing.
   *
   * <p>A worker that is still starting when the pool shuts down is killed: its initializer may have
   * run, its finalizer does not.
   *
   * @param action the action; crosses to the workers by serialization
   * @return this
   */
  public B finalizer(Action0 action) {
    finalizer = Objects.requireNonNull(action, "action");
    return self();
  }

  /**
   * Sets the most bytes that one encoded argument, result or task may take. A larger one fails its
   * item, with its size in the message. Default and maximum: a little under 2 GiB; more goes as
   * several items or as the name of a file.
   *
   * @param bytes at least 1
   * @return this
   * @throws IllegalArgumentException if it is out of its range
   */
  public B maxPayload(long bytes) {
    if (bytes < 1 || bytes > MAX_PAYLOAD) {
      throw new IllegalArgumentException(
          "maxPayload must be between 1 and " + MAX_PAYLOAD + ", was " + bytes);
    }
    maxPayload = bytes;
    return self();
  }

  /**
   * Sets which classes may be deserialized from what workers send. Default: all, in graphs of at
   * most 1000 objects one within the other; a filter of one's own sets its own depth, or none.
   * Whatever the filter, arrays and collections are not made larger than the bytes that came could
   * fill, and a stack too small for a graph fails its item alone.
   *
   * @param filter the filter
   * @return this
   */
  public B resultFilter(ObjectInputFilter filter) {
    resultFilter = Objects.requireNonNull(filter, "filter");
    return self();
  }

  /**
   * Sets another form than Java serialization for the object graphs in arguments and results; see
   * {@link ObjectCodec} for what goes by it. With a {@link #resultFilter}, or a deserialization
   * filter for the whole JVM, it is used for arguments only, since no filter could look into
   * results. Default: none.
   *
   * @param codec the codec; sent to each worker by Java serialization when that starts
   * @return this
   */
  public B objectCodec(ObjectCodec codec) {
    objectCodec = Objects.requireNonNull(codec, "codec");
    return self();
  }

  /** What each worker is started with. */
  PoolSettings.Actions actions(ClassSource classes, SharedUses uses) {
    return new PoolSettings.Actions(
        classes,
        classes.pin(initializer == null ? finalizer : initializer),
        encoded("initializer", initializer, uses),
        encoded("finalizer", finalizer, uses),
        uses);
  }

  /** How values are written and read. */
  PoolSettings.Codecs codecs(ClassSource classes, SharedUses uses) {
    ItemCodec itemCodec =
        objectCodec == null
            ? ItemCodec.NONE
            : new ItemCodec(
                classes.pin(objectCodec), !isFiltered(), encoded("objectCodec", objectCodec, uses));
    return new PoolSettings.Codecs(maxPayload, resultFilter, objectCodec, itemCodec);
  }

  /** The options that the codec needs a worker's JVM to have. */
  List<String> codecJvmOptions() {
    return objectCodec == null ? List.of() : objectCodec.workerJvmOptions();
  }

  /** Tells whether what workers send is read under a filter that was asked for. */
  private boolean isFiltered() {
    return resultFilter != null
        || ObjectInputFilter.Config.getSerialFilter() != null
        || ObjectInputFilter.Config.getSerialFilterFactory().getClass().getClassLoader() != null;
  }

  private byte[] encoded(String option, @Nullable Object action, SharedUses uses) {
    if (action == null) {
      return new byte[0];
    }
    ByteOutput out = new ByteOutput(512, Long.MAX_VALUE);
    SharedUses before = uses.enter();
    try {
      new Codec(null, maxPayload).encode(action, out);
    } catch (CodecException e) {
      uses.end();
      throw new TaskSerializationException(
          "the " + option + " can't be serialized: " + e.getMessage(), e);
    } finally {
      SharedUses.leave(before);
    }
    return out.toByteArray();
  }
}
