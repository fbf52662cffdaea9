package dev.procpool.spi;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Keeps the bytes of values that a {@code CallEncoder} has shared, for the JVMs that run its calls:
 * in files, in memory, wherever the backend above likes.
 *
 * <p>Thread-safe. What is kept under a key never changes, and no key is used twice: a value that
 * was sent to another JVM once is right there until it is dropped.
 *
 * @since 0.2.0
 */
public interface SharedStore {

  /**
   * Opens the place of a value's bytes. It is written once, on the thread that shares the value,
   * and closed when all is written.
   *
   * @param key names the value: letters, digits and hyphens, good as the name of a file
   * @return takes the bytes
   * @throws IOException if there is no place, which the caller of {@code share} is told
   */
  OutputStream open(String key) throws IOException;

  /**
   * Lets go of a value that nobody needs any more, or that could not be written. The other JVMs are
   * to let go of it too, with {@link Backend#dropShared} after their file is gone. It waits for
   * nobody. Called at most once for a key, also where {@link #open} threw.
   *
   * @param key names the value
   */
  void drop(String key);
}
