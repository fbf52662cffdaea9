package dev.procpool.testkit.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A temporary directory of the run's own, in which pools and crashing JVMs leave their files while
 * it is open. Process-wide, since it is {@code java.io.tmpdir}: one at a time.
 */
final class Ground implements AutoCloseable {

  private static final String TEMPORARY = "java.io.tmpdir";
  private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String outer = System.getProperty(TEMPORARY);
  private final Path directory;

  Ground() throws IOException {
    directory = Files.createTempDirectory("chaos-");
    System.setProperty(TEMPORARY, directory.toString());
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** Lists what of pools is left: processes, threads, files; waits a while for it to go. */
  List<String> leftovers() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + BOUND_NANOS;
    List<String> left = look();
    while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(20);
      left = look();
    }
    return left;
  }

  private List<String> look() throws IOException {
    List<String> left = new ArrayList<>();
    ProcessHandle.current()
        .descendants()
        .forEach(process -> left.add("process " + process.pid() + " " + process.info()));
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("procpool-")) {
        left.add("thread " + thread.getName());
      }
    }
    try (Stream<Path> files = Files.list(directory)) {
      files
          .filter(file -> file.getFileName().toString().startsWith("procpool-"))
          .forEach(file -> left.add("file " + file));
    }
    return left;
  }

  @Override
  public void close() throws IOException {
    System.setProperty(TEMPORARY, outer);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
