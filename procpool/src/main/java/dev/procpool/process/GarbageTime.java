package dev.procpool.process;

import java.io.IOException;
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
public final class GarbageTime {

  /** Above this share a JVM is as good as frozen. */
  private static final double TOO_MUCH = 0.95;

  /** The threads that collect; found when they are first needed. */
  private List<String> collectors = List.of();

  private long lastCollecting;
  private long lastTotal;

  /**
   * Measures, and tells whether there was little else since the measurement before.
   *
   * @param leastTicks how much processor time there must have been at least for that, in ticks of
   *     the system: 100 a second
   */
  public boolean measure(long pid, long leastTicks) {
    String process = Long.toString(pid);
    try {
      if (collectors.isEmpty()) {
        collectors = find(process + "/task/");
      }
      long collecting = 0;
      for (String thread : collectors) {
        collecting += ticks(thread);
      }
      long total = ticks(process);
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
  private static List<String> find(String tasks) throws IOException {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", tasks))) {
      for (Path thread : threads) {
        String name = Files.readString(thread.resolve("comm")).strip();
        if (name.equals("VM Thread") || name.startsWith("GC Thread")) {
          found.add(tasks + thread.getFileName());
        }
      }
    }
    return found;
  }

  /** Reads the processor time that a process or thread has used. */
  private static long ticks(String path) throws IOException {
    ProcStat stat = ProcStat.of(path);
    if (stat == null) {
      throw new IOException("it has ended");
    }
    return stat.ticks();
  }
}
