package dev.procpool.testkit.chaos;

import dev.procpool.testkit.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A temporary directory of the run's own, in which pools and crashing JVMs leave their files while
 * it is open, and the files in shared memory that belong to the pools in it. Process-wide, since it
 * is {@code java.io.tmpdir}: one at a time.
 */
final class Ground implements AutoCloseable {

  private static final String TEMPORARY = "java.io.tmpdir";
  private static final String PREFIX = "procpool-";
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String outer = System.getProperty(TEMPORARY);
  private final Path directory;

  /** The part that a pool's directory and its files in shared memory have in their names. */
  private final Set<String> pools = new HashSet<>();

  Ground() throws IOException {
    directory = Files.createTempDirectory("chaos-");
    System.setProperty(TEMPORARY, directory.toString());
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** Learns which pools are here now; to be called after one was made. */
  void learnPools() throws IOException {
    names(directory, PREFIX).forEach(name -> pools.add(name.substring(PREFIX.length())));
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

  List<String> look() throws IOException {
    List<String> left = new ArrayList<>();
    ProcessHandle.current()
        .descendants()
        .forEach(process -> left.add("process " + process.pid() + " " + process.info()));
    ProcessHandle.allProcesses() // what a task has started may be nobody's descendant any more
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(process -> process.info().commandLine().orElse("").contains(directory.toString()))
        .forEach(process -> left.add("process " + process.pid() + " of here " + process.info()));
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("procpool-")) {
        left.add("thread " + thread.getName());
      }
    }
    names(directory, PREFIX).forEach(name -> left.add("file " + name));
    for (String name : names(SHARED_MEMORY, PREFIX)) {
      if (pools.stream().anyMatch(name::contains)) {
        left.add("file " + name + " in shared memory");
      }
    }
    return left;
  }

  private static List<String> names(Path directory, String prefix) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .toList();
    }
  }

  @Override
  public void close() throws IOException {
    System.setProperty(TEMPORARY, outer);
    Folders.remove(directory);
  }
}
