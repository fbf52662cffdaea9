package dev.procpool.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much memory the container of this process may use: the least limit of its control groups, of
 * either version. Without state.
 *
 * <p>A JVM finds that by itself; one that does not see {@code /sys}, as in a box, has to be told.
 */
public final class ContainerMemory {

  private static final Path GROUPS = Path.of("/proc/self/cgroup");
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  /** What is more is none: version 1 has a number for that. */
  private static final long MOST_BYTES = 1L << 60;

  private ContainerMemory() {}

  /**
   * Gives the limit.
   *
   * @return bytes; 0 for none, or if the system does not tell
   */
  public static long limit() {
    return limit(GROUPS, ROOT);
  }

  /** Does the same with other files. */
  static long limit(Path groups, Path root) {
    long least = Long.MAX_VALUE;
    for (String line : lines(groups)) {
      String[] words = line.split(":", 3); // number, controllers, path
      if (words.length == 3 && words[1].isEmpty()) { // version 2
        least = Math.min(least, least(root, words[2], "memory.max"));
        least = Math.min(least, least(root.resolve("unified"), words[2], "memory.max"));
      } else if (words.length == 3 && List.of(words[1].split(",")).contains("memory")) {
        Path memory = root.resolve("memory");
        least = Math.min(least, least(memory, words[2], "memory.limit_in_bytes"));
      }
    }
    return least >= MOST_BYTES ? 0 : least;
  }

  /** The least limit of a group and of those that it is in. */
  private static long least(Path root, String path, String file) {
    long least = Long.MAX_VALUE;
    Path group = root.resolve(path.substring(path.startsWith("/") ? 1 : 0)).normalize();
    // in a container the path may be the machine's: then only the root is there
    for (Path at = group; at != null && at.startsWith(root); at = at.getParent()) {
      for (String line : lines(at.resolve(file))) {
        least = Math.min(least, line.equals("max") ? Long.MAX_VALUE : number(line));
      }
    }
    return least;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) { // more than a long, or nothing that we know
      return Long.MAX_VALUE;
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException | SecurityException e) {
      return List.of();
    }
  }
}
