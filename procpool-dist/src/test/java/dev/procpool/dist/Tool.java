package dev.procpool.dist;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs that are on most machines, not on all. */
final class Tool {

  private Tool() {}

  /** Skips the test, and says why, where a program is missing. */
  static String need(String name) {
    boolean there =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    Assumptions.assumeTrue(there, name + " is not installed here");
    return name;
  }
}
