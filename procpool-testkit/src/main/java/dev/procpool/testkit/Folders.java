package dev.procpool.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Folders that tests and long runs make. It needs nothing but the JDK: the runs have no JUnit on
 * their class path.
 *
 * @since 0.2.0
 */
public final class Folders {

  private Folders() {}

  /**
   * Removes a folder and all that is in it. Links are removed, not followed; a file that is gone
   * when its turn comes is no error.
   *
   * @param folder the folder
   * @throws IOException if it is not there, or something can't be removed
   * @throws java.io.UncheckedIOException if a folder in it can't be read
   */
  public static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
