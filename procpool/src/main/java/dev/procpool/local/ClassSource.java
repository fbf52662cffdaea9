package dev.procpool.local;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The class loaders of the tasks, numbered, and what workers may read from them. A loader that
 * nobody else holds is let go.
 *
 * <p>Thread-safe, guarded by itself; reading is done outside the lock.
 */
final class ClassSource {

  /** The number of the loader of the class path, which workers have themselves. */
  static final long CLASS_PATH = 0;

  private final Map<ClassLoader, Long> numbers = new WeakHashMap<>();
  private final Map<Long, WeakReference<ClassLoader>> loaders = new HashMap<>();
  private long last;

  /** Gives a loader's number, a new one if it has none. */
  synchronized long number(ClassLoader loader) {
    if (isOfClassPath(loader)) {
      return CLASS_PATH;
    }
    return numbers.computeIfAbsent(
        loader,
        added -> {
          loaders.values().removeIf(held -> held.get() == null);
          loaders.put(++last, new WeakReference<>(added));
          return last;
        });
  }

  /**
   * Reads a class or another resource.
   *
   * @return the content; null if the loader has no such thing, or is gone
   */
  byte @Nullable [] read(long number, String path) {
    ClassLoader loader = loader(number);
    if (loader == null) {
      return null;
    }
    try (InputStream in = loader.getResourceAsStream(path)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      return null; // as good as not there
    }
  }

  private synchronized @Nullable ClassLoader loader(long number) {
    WeakReference<ClassLoader> held = loaders.get(number);
    return held == null ? null : held.get();
  }

  private static boolean isOfClassPath(ClassLoader loader) {
    for (ClassLoader known = ClassLoader.getSystemClassLoader();
        known != null;
        known = known.getParent()) {
      if (known == loader) {
        return true;
      }
    }
    return false;
  }

  /** Finds the loader that has the class of a task. */
  static ClassLoader of(Object task) {
    ClassLoader loader = task.getClass().getClassLoader();
    if (loader == null || loader == ClassSource.class.getClassLoader()) {
      // the JDK's, or one of ours around the user's: the caller's thread knows better
      loader = Thread.currentThread().getContextClassLoader();
    }
    return loader == null ? ClassLoader.getSystemClassLoader() : loader;
  }
}
