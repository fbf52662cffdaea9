package dev.procpool.sharing;

import dev.procpool.TaskSerializationException;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import dev.procpool.nesting.Nesting;
import dev.procpool.spi.SharedStore;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A shared value in a file, which each worker reads once: of the pool's directory, or of a folder
 * on another machine.
 *
 * <p>Thread-safe. Only the key crosses to the worker; there the first {@link #get} decodes the
 * value and all later ones, of whatever copy of this handle, give the same object, or a view of the
 * same buffer. What nothing there refers to may go when memory is short, and be decoded once more.
 */
public final class SharedFile<T> extends SharedHandle<T> {

  @Serial private static final long serialVersionUID = 1L;

  /** How an array of numbers or a buffer lies in the file; null for an encoded value. */
  private final @Nullable RawElements raw;

  /** What this worker has read; spares a look for it. Null elsewhere. */
  private transient volatile SharedCopies.@Nullable Copy copy;

  private SharedFile(@Nullable RawElements raw, T value, SharedLife life) {
    super(life.key(), value, life);
    this.raw = raw;
  }

  /**
   * Writes a value. Nothing is left of it if that fails, nor once it is released.
   *
   * @param <T> the type of the value
   * @param value the value
   * @param codec encodes it
   * @param holder the pool whose workers are sent it, and with it what it has of other shared
   *     values
   * @param life how long it is kept; its key is the path of a file that is used for nothing else
   * @return the handle
   * @throws TaskSerializationException if it can't be serialized
   * @throws UncheckedIOException if it can't be written
   */
  public static <T> SharedFile<T> create(
      T value, Codec codec, Consumer<String> holder, SharedLife life) {
    return create(value, codec, holder, life, SharedPlace.FILES);
  }

  /**
   * Writes a value for workers of other machines, as {@link #create(Object, Codec, Consumer,
   * SharedLife)} does for those of this one.
   *
   * @param store takes the bytes, and is told of the release
   */
  public static <T> SharedFile<T> create(
      T value, Codec codec, Consumer<String> holder, SharedLife life, SharedStore store) {
    RawElements raw = RawElements.of(value);
    if (raw != null && raw.isTooLarge()) {
      throw new TaskSerializationException(
          "a shared buffer of "
              + (long) raw.count() * raw.type().bytes()
              + " bytes is larger than what can be mapped at once, "
              + Integer.MAX_VALUE
              + " bytes; share it in parts, or share an array",
          null);
    }
    String key = life.key();
    life.atRelease(() -> store.drop(key));
    boolean done = false;
    try {
      SharedUses parts = new SharedUses(holder);
      life.atRelease(parts::end);
      SharedUses sent = parts.part();
      write(value, raw, codec, sent, store, key);
      life.needs(sent.keys());
      SharedFile<T> handle = new SharedFile<>(raw, value, life);
      done = true;
      return handle;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the shared value can't be written to " + key + ": " + e.getMessage(), e);
    } finally {
      if (!done) {
        life.end();
      }
    }
  }

  private static void write(
      @Nullable Object value,
      @Nullable RawElements raw,
      Codec codec,
      SharedUses parts,
      SharedStore store,
      String key)
      throws IOException {
    ByteOutput encoded = raw == null ? encoded(value, codec, parts) : null;
    try (OutputStream to = store.open(key)) {
      if (encoded == null) {
        Objects.requireNonNull(raw).write(Objects.requireNonNull(value), to);
      } else {
        to.write(encoded.array(), 0, encoded.size());
      }
    }
  }

  private static ByteOutput encoded(@Nullable Object value, Codec codec, SharedUses parts) {
    ByteOutput out = new ByteOutput(1024, Long.MAX_VALUE);
    SharedUses before = parts.enter();
    try {
      codec.encode(value, out);
      return out;
    } catch (CodecException e) {
      throw new TaskSerializationException(
          "the shared value can't be serialized: " + e.getMessage(), e);
    } finally {
      SharedUses.leave(before);
    }
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // the parent encoded a T, which may be null
  public T get() {
    Object object = isCopy() ? copied() : own().object();
    return (T) (raw == null || object == null ? object : raw.viewOf(object));
  }

  private @Nullable Object copied() {
    SharedCopies.Copy known = copy;
    if (known == null) {
      if (!Nesting.isWorker()) {
        throw gone(null); // and nobody has us read a file because he names it
      }
      known = SharedCopies.of(key());
      copy = known;
    }
    return known.get(this::read);
  }

  private @Nullable Object read() {
    Path file = SharedPlace.of(key());
    try {
      return raw == null ? decoded(Files.readAllBytes(file)) : raw.read(file);
    } catch (IOException e) {
      throw gone(e);
    } catch (CodecException e) {
      throw new TaskSerializationException(
          "the shared value can't be deserialized: " + e.getMessage(), e.thrown());
    }
  }

  private static @Nullable Object decoded(byte[] bytes) throws CodecException {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return new Codec(null, Long.MAX_VALUE).trusting().decode(bytes, 0, bytes.length, loader);
  }
}
