package dev.procpool.sharing;

import dev.procpool.Shared;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A handle on a shared value. Thread-safe.
 *
 * <p>There are two kinds: the one that {@code share} gave, which has the value and decides how long
 * it is kept; and copies of it in other processes. A copy that comes back to the process of the
 * first becomes that again.
 *
 * @param <T> the type of the value
 */
public abstract class SharedHandle<T> implements Shared<T> {

  @Serial private static final long serialVersionUID = 1L;

  /** What this process has shared and not released, by its key. */
  private static final Map<String, WeakReference<SharedHandle<?>>> OWN = new ConcurrentHashMap<>();

  /**
   * A value.
   *
   * @param object the value itself; may be null
   */
  public record Value(@Nullable Object object) {}

  private final String key;

  /** Null in a copy. */
  private final transient @Nullable SharedLife life;

  /** Null in a copy, and once it is closed. */
  private transient volatile @Nullable Value value;

  /**
   * Makes the first one.
   *
   * @param key names the value, for this process and those that it sends the handle to
   * @param value the value
   * @param life how long it is kept
   */
  protected SharedHandle(String key, @Nullable Object value, SharedLife life) {
    this.key = key;
    this.value = new Value(value);
    this.life = life;
    OWN.put(key, new WeakReference<>(this));
    life.atRelease(() -> OWN.remove(key));
  }

  /** Names the value. */
  protected final String key() {
    return key;
  }

  /** Tells whether this is a copy of a handle of another process, or of one that is gone. */
  protected final boolean isCopy() {
    return life == null;
  }

  /** Tells whether nothing is kept for workers any more. */
  protected final boolean isReleased() {
    return life == null || life.isReleased();
  }

  /**
   * Gives the value that was shared; not for copies.
   *
   * @return the value
   * @throws IllegalStateException if this was closed
   */
  protected final Value own() {
    Value own = value;
    if (own == null) {
      throw closed();
    }
    return own;
  }

  /** Tells whether it was closed here. */
  protected final boolean isClosed() {
    return value == null;
  }

  /** Says that this was closed. */
  protected static IllegalStateException closed() {
    return new IllegalStateException(
        "this shared value was closed; close a Shared after its last use, or share the value again");
  }

  /** Says that there is nothing more to be had of a value. */
  protected static IllegalStateException gone(@Nullable Throwable cause) {
    return new IllegalStateException(
        "the shared value is not there any more: it was closed, or nobody kept its Shared in the"
            + " program that shared it, or its pool has ended; keep the Shared there, and open, for"
            + " as long as tasks use it",
        cause);
  }

  /** Of a copy nothing can be closed: its task is one of many. */
  @Override
  public final void close() {
    if (life != null) {
      value = null;
      life.close();
    }
  }

  final void endUse() {
    if (life != null) {
      life.endUse();
    }
  }

  @Serial
  private void writeObject(ObjectOutputStream out) throws IOException {
    if (life != null && !SharedUses.written(this, life)) {
      throw closed();
    }
    out.defaultWriteObject();
  }

  /** Gives the first one in the process that has it. */
  @Serial
  protected final Object readResolve() {
    WeakReference<SharedHandle<?>> own = OWN.get(key);
    SharedHandle<?> first = own == null ? null : own.get();
    return first == null ? this : first;
  }
}
