package dev.procpool.protocol;

import dev.procpool.Shared;
import dev.procpool.TaskSerializationException;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.codec.CodecException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A shared value in a file of the pool's directory, which each worker reads once.
 *
 * <p>Thread-safe. Only the path crosses to the worker; there the first {@link #get} decodes the
 * value and all later ones, of whatever copy of this handle, give the same object.
 */
public final class SharedFile<T> implements Shared<T> {

  private static final long serialVersionUID = 1L;

  /** The values that this process has read, by path. A worker belongs to one pool. */
  private static final Map<String, Value> READ = new ConcurrentHashMap<>();

  private final String path;

  /** How an array of numbers or a buffer lies in the file; null for an encoded value. */
  private final @Nullable RawElements raw;

  /** In the process that made it; null elsewhere. */
  private final transient @Nullable Value own;

  /** A value that may be null. */
  private record Value(@Nullable Object object) {}

  private SharedFile(String path, @Nullable RawElements raw, T value) {
    this.path = path;
    this.raw = raw;
    this.own = new Value(value);
  }

  /**
   * Writes a value.
   *
   * @param <T> the type of the value
   * @param value the value
   * @param codec encodes it
   * @param file where to; must not exist
   * @return the handle
   * @throws TaskSerializationException if it can't be serialized
   */
  public static <T> Shared<T> create(T value, Codec codec, Path file) {
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
    try {
      if (raw == null) {
        write(encoded(value, codec), file);
      } else {
        raw.write(Objects.requireNonNull(value), file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the shared value can't be written to " + file, e);
    }
    return new SharedFile<>(file.toString(), raw, value);
  }

  private static ByteOutput encoded(@Nullable Object value, Codec codec) {
    ByteOutput out = new ByteOutput(1024, Long.MAX_VALUE);
    try {
      codec.encode(value, out);
      return out;
    } catch (CodecException e) {
      throw new TaskSerializationException(
          "the shared value can't be serialized: " + e.getMessage(), e);
    }
  }

  private static void write(ByteOutput from, Path file) throws IOException {
    try (OutputStream to = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      to.write(from.array(), 0, from.size());
    }
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // the parent encoded a T, which may be null
  public T get() {
    Value value = own == null ? READ.computeIfAbsent(path, this::read) : own;
    Object object = value.object();
    return (T) (raw == null || object == null ? object : raw.viewOf(object));
  }

  private Value read(String from) {
    try {
      return new Value(
          raw == null ? decoded(Files.readAllBytes(Path.of(from))) : raw.read(Path.of(from)));
    } catch (IOException e) {
      throw new IllegalStateException(
          "the value is not there any more: the pool that it was shared with is gone", e);
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
