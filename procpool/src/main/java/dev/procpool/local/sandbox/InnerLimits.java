package dev.procpool.local.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Limits of the system that {@code Bubblewrap} sets within its namespaces. There the kernel counts
 * a worker's processes alone; outside, all of its user's.
 */
public final class InnerLimits {

  private static final Path OWN = Path.of("/proc/self/limits");

  private static final String PROCESSES = "Max processes";
  private static final String FILE_SIZE = "Max file size";

  /** Since this one the kernel counts by user and namespace. */
  private static final int MAJOR = 5;

  private static final int MINOR = 14;

  private InnerLimits() {}

  /**
   * Gives the command that sets them.
   *
   * @param program {@code prlimit}
   * @param processes {@code Long.MAX_VALUE} for no limit
   * @param fileSize the same
   * @return no words if there is nothing to set
   */
  public static List<String> command(String program, long processes, long fileSize) {
    List<String> options = new ArrayList<>();
    if (countsByNamespace(System.getProperty("os.version", ""))) {
      add(options, "--nproc=", PROCESSES, processes);
    }
    add(options, "--fsize=", FILE_SIZE, fileSize);
    if (options.isEmpty()) {
      return List.of();
    }
    List<String> words = new ArrayList<>();
    words.add(program);
    words.addAll(options);
    words.add("--");
    return words;
  }

  private static void add(List<String> options, String option, String name, long limit) {
    if (limit < Long.MAX_VALUE) {
      options.add(option + Math.min(limit, own(name)));
    }
  }

  /** Tells whether a version of Linux counts each worker's processes apart. */
  public static boolean countsByNamespace(String version) {
    String[] parts = version.split("[^0-9]", 3);
    try {
      int major = Integer.parseInt(parts[0]);
      return major > MAJOR || major == MAJOR && Integer.parseInt(parts[1]) >= MINOR;
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return false;
    }
  }

  /** This process's own hard limit: no other process may raise it. */
  private static long own(String name) {
    try {
      for (String line : Files.readAllLines(OWN)) {
        if (line.startsWith(name)) {
          return hard(line.substring(name.length()));
        }
      }
    } catch (IOException e) {
      // not Linux: there is no bubblewrap either
    }
    return Long.MAX_VALUE;
  }

  private static long hard(String columns) {
    String text = columns.strip().split(" +", 3)[1];
    return text.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(text);
  }
}
