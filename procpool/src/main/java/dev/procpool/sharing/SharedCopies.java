package dev.procpool.sharing;

import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shared values that this worker has read, by their keys: each once, until it is released where
 * it was shared, or memory is short here, when it is read again at the next use. Thread-safe.
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

    private static final SoftReference<SharedHandle.@Nullable Value> NONE =
        new SoftReference<>(null);

    private final String key;
    private volatile SoftReference<SharedHandle.@Nullable Value> read = NONE;

    private volatile boolean dropped;

    Copy(String key) {
      this.key = key;
    }

    SharedHandle.Value get(Supplier<SharedHandle.Value> reading) {
      SharedHandle.Value value = read.get();
      return value == null ? readNow(reading) : value;
    }

    private synchronized SharedHandle.Value readNow(Supplier<SharedHandle.Value> reading) {
      SharedHandle.Value value = read.get();
      if (value != null) {
        return value; // by another thread meanwhile
      } else if (dropped) {
        throw SharedHandle.gone(null);
      }
      boolean done = false;
      try {
        value = reading.get();
        read = new SoftReference<>(value);
        if (dropped) {
          read = NONE;
        }
        done = true;
        return value;
      } finally {
        if (!done) {
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
