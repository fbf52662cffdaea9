package dev.procpool.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process has taken of the machine, after a garbage collection: what a long run prints,
 * and what must not grow. Immutable. Linux only; elsewhere all but the heap and the threads is
 * zero.
 *
 * @param heapBytes objects in the heap
 * @param residentBytes memory that the system counts as this process's
 * @param descriptors open files and sockets
 * @param threads threads, those of the JVM not counted
 * @param children processes that were started below this one and are still there
 */
public record ProcessFigures(
    long heapBytes, long residentBytes, int descriptors, int threads, long children) {

  private static final int COLLECTIONS = 3;
  private static final long KILO = 1024;
  private static final long MEGA = KILO * KILO;

  /**
   * Collects garbage and measures.
   *
   * @return what is there now
   */
  public static ProcessFigures now() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc(); // what one has enqueued, the next takes away
    }
    Runtime runtime = Runtime.getRuntime();
    return new ProcessFigures(
        runtime.totalMemory() - runtime.freeMemory(),
        resident(),
        descriptorsNow(),
        Thread.getAllStackTraces().size(),
        ProcessHandle.current().descendants().count());
  }

  private static long resident() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> KILO * Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private static int descriptorsNow() {
    String[] names = Path.of("/proc/self/fd").toFile().list();
    return names == null ? 0 : names.length;
  }

  @Override
  public String toString() {
    return "heap "
        + heapBytes / MEGA
        + " MB, resident "
        + residentBytes / MEGA
        + " MB, "
        + descriptors
        + " descriptors, "
        + threads
        + " threads, "
        + children
        + " processes below";
  }
}
