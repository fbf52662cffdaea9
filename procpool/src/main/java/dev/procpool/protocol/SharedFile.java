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
import java.util.Map;
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

  /** In the process that made it; null elsewhere. */
  private final transient @Nullable Value own;

  /** A value that may be null. */
  private record Value(@Nullable Object object) {}

  private SharedFile(String path, T value) {
    this.path = path;
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
    ByteOutput out = new ByteOutput(1024, Long.MAX_VALUE);
    try {
      codec.encode(value, out);
    } catch (CodecException e) {
      throw new TaskSerializationException(
          "the shared value can't be serialized: " + e.getMessage(), e);
    }
    try (OutputStream to = Files.newOutputStream(file)) {
      to.write(out.array(), 0, out.size());
    } catch (IOException e) {
      throw new UncheckedIOException("the shared value can't be written to " + file, e);
    }
    return new SharedFile<>(file.toString(), value);
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // the parent encoded a T, which may be null
  public T get() {
    Value value = own == null ? READ.computeIfAbsent(path, SharedFile::read) : own;
    return (T) value.object();
  }

  private static Value read(String path) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of(path));
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      return new Value(new Codec(null, Long.MAX_VALUE).decode(bytes, 0, bytes.length, loader));
    } catch (IOException e) {
      throw new IllegalStateException(
          "the value is not there any more: the pool that it was shared with is gone", e);
    } catch (CodecException e) {
      throw new TaskSerializationException(
          "the shared value can't be deserialized: " + e.getMessage(), e);
    }
  }
}
