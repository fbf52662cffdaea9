package dev.procpool.sharing;

import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shared values that this worker has read, by their keys: each once, until it is released where
 * it was shared; or, when memory is short here, until nothing refers to it, after which the next
 * use reads it again. Thread-safe.
 */
public final class SharedCopies {

  private static final Map<String, Copy> COPIES = new ConcurrentHashMap<>();

  private SharedCopies() {}

  static Copy of(String key) {
    return COPIES.computeIfAbsent(key, Copy::new);
  }

  /**
   * Lets go of a value that was released.
   *
   * @param key its key
   */
  public static void drop(String key) {
    Copy copy = COPIES.remove(key);
    if (copy != null) {
      copy.drop();
    }
  }

  /** One value, if it was read. All handles with its key use it. */
  static final class Copy {

    private static final Object NULL = new Object();

    private static final SoftReference<@Nullable Object> NONE = new SoftReference<>(null);

    private final String key;

    /** Of the value itself, so that it stays while a task refers to it. */
    private volatile SoftReference<@Nullable Object> read = NONE;

    private volatile boolean dropped;

    /** Whether a reading failed, so that another is in its place. Guarded by this. */
    private boolean failed;

    Copy(String key) {
      this.key = key;
    }

    @Nullable Object get(Supplier<@Nullable Object> reading) {
      Object value = read.get();
      value = value == null ? readNow(reading) : value;
      return value == NULL ? null : value;
    }

    private synchronized Object readNow(Supplier<@Nullable Object> reading) {
      Object value = read.get();
      if (value != null) {
        return value; // by another thread meanwhile
      } else if (dropped) {
        throw SharedHandle.gone(null);
      } else if (failed) {
        value = of(key).get(reading);
        return value == null ? NULL : value;
      }
      failed = true;
      try {
        value = reading.get();
        value = value == null ? NULL : value;
        read = new SoftReference<>(value);
        if (dropped) {
          read = NONE;
        }
        failed = false;
        return value;
      } finally {
        if (failed) {
          COPIES.remove(key, this);
        }
      }
    }

    /** Waits for nobody: what is being read may be users' code that hangs. */
    private void drop() {
      dropped = true;
      read = NONE;
    }
  }
}
