package dev.procpool.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of its processor time a JVM puts into collecting garbage, as the system counts it: a JVM
 * whose heap is full to the brim does nothing else, and its heartbeat still shows in between.
 *
 * <p>On Linux; elsewhere nothing is ever found. Owned by the engine's thread.
 */
final class GarbageTime {

  /** Above this share a JVM is as good as frozen. */
  private static final double TOO_MUCH = 0.95;

  private static final String TASKS = "task";
  private static final String STAT = "stat";

  /** The threads that collect; found when they are first needed. */
  private List<Path> collectors = List.of();

  private long lastCollecting;
  private long lastTotal;

  /**
   * Measures, and tells whether there was little else since the measurement before.
   *
   * @param leastTicks how much processor time there must have been at least for that, in ticks of
   *     the system: 100 a second
   */
  boolean isAllThereIs(long pid, long leastTicks) {
    Path process = Path.of("/proc", Long.toString(pid));
    try {
      if (collectors.isEmpty()) {
        collectors = find(process.resolve(TASKS));
      }
      long collecting = 0;
      for (Path thread : collectors) {
        collecting += ticks(thread);
      }
      long total = ticks(process.resolve(STAT));
      long spent = total - lastTotal;
      boolean all = spent >= leastTicks && collecting - lastCollecting >= spent * TOO_MUCH;
      lastCollecting = collecting;
      lastTotal = total;
      return all;
    } catch (IOException | RuntimeException e) {
      collectors = List.of(); // a thread has ended, or the process has
      return false;
    }
  }

  /**
   * Finds the threads that collect while all others stand still, by the names that HotSpot gives
   * them.
   */
  private static List<Path> find(Path tasks) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        String name = Files.readString(thread.resolve("comm")).strip();
        if (name.equals("VM Thread") || name.startsWith("GC Thread")) {
          found.add(thread.resolve(STAT));
        }
      }
    }
    return found;
  }

  /** Reads the processor time that a process or thread has used, in user and system mode. */
  private static long ticks(Path stat) throws IOException {
    String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
    // the name, in brackets, may have blanks; the times are the 12th and 13th words after it
    String[] words = text.substring(text.lastIndexOf(')') + 2).split(" ", 15);
    return Long.parseLong(words[11]) + Long.parseLong(words[12]);
  }
}
