package dev.procpool.inline;

import dev.procpool.codec.ElementType;
import dev.procpool.sharing.SharedHandle;
import dev.procpool.sharing.SharedLife;
import dev.procpool.sharing.SharedUses;
import java.io.Serial;
import java.nio.Buffer;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a shared value of an inline pool: the value itself outside the pool's workers, the
 * worker's copy in one. Tasks have the caller's handle, not a copy of it.
 *
 * @param <T> the type of the value
 */
final class InlineShared<T> extends SharedHandle<T> {

  @Serial private static final long serialVersionUID = 1L;

  private static final AtomicLong IDS = new AtomicLong();

  /** What workers have; null where the pool is not. */
  private final transient @Nullable Kept kept;

  private InlineShared(@Nullable Object value, @Nullable Kept kept, SharedLife life) {
    super(life.key(), value, life);
    this.kept = kept;
  }

  /** Begins the life of a value. */
  static SharedLife life() {
    return new SharedLife("inline-" + IDS.incrementAndGet());
  }

  static <T> InlineShared<T> of(T value, SharedLife life) {
    if (value instanceof Buffer buffer) {
      Buffer copy = ElementType.copyOf(buffer);
      return new InlineShared<>(
          copy, new Kept(copy, null, ClassLoader.getSystemClassLoader(), life), life);
    }
    SharedUses parts = new SharedUses(key -> {});
    life.atRelease(parts::end);
    SharedUses before = parts.enter();
    byte[] bytes = null;
    try {
      bytes = Copying.encode("the shared value", value);
    } finally {
      SharedUses.leave(before);
      if (bytes == null) {
        life.end();
      }
    }
    ClassLoader own = value == null ? null : value.getClass().getClassLoader();
    ClassLoader loader = own != null ? own : ClassLoader.getSystemClassLoader();
    return new InlineShared<>(value, new Kept(null, bytes, loader, life), life);
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // made by of(T), the copy from its bytes
  public T get() {
    if (isReleased()) {
      throw isCopy() || !isClosed() ? gone(null) : closed();
    }
    InlineWorker worker = InlineWorker.current();
    Object object = worker == null ? own().object() : Objects.requireNonNull(kept).copy(worker);
    return (T) (object instanceof Buffer buffer ? ElementType.readOnly(buffer) : object);
  }

  /** What is kept for workers until the release: the bytes, and the copy of each. Thread-safe. */
  private static final class Kept {

    private final Map<InlineWorker, Value> copies =
        Collections.synchronizedMap(new WeakHashMap<>());

    /** Null for any other value than a buffer, of which each caller has a view. */
    private volatile @Nullable Buffer buffer;

    private volatile byte @Nullable [] bytes;
    private final ClassLoader loader;

    Kept(@Nullable Buffer buffer, byte @Nullable [] bytes, ClassLoader loader, SharedLife life) {
      this.buffer = buffer;
      this.bytes = bytes;
      this.loader = loader;
      life.atRelease(this::clear);
    }

    private void clear() {
      buffer = null;
      bytes = null;
      copies.clear();
    }

    /** Called on the worker's thread. */
    @Nullable Object copy(InlineWorker worker) {
      Buffer view = buffer;
      if (view != null) {
        return view;
      }
      Value copy = copies.get(worker);
      byte[] encoded = bytes;
      if (copy == null) {
        if (encoded == null) {
          throw gone(null);
        }
        copy = new Value(Copying.decode("the shared value", encoded, loader));
        copies.put(worker, copy);
      }
      return copy.object();
    }
  }
}
