package dev.procpool.spark;

import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What pools have on the machines of a cluster, as the system tells it. Immutable. */
record Traces(List<ProcessHandle> processes, List<Path> files) {

  private static final String PREFIX = "procpool-";

  /** Whether a process was killed that may have been starting a worker. */
  private static volatile boolean hasKilled;

  /**
   * Says that an executor or a driver was killed, and executors with it, or that one ends with its
   * daemon. The folder of such a pool stays until another pool is made on that machine; the name of
   * a worker's memory, if it was just started, until one is made five minutes later or more.
   */
  static void killed() {
    hasKilled = true;
  }

  private static void removeLeftovers(SparkCluster cluster) throws IOException {
    for (Path left : of(cluster).files) {
      Folders.remove(left);
    }
  }

  /** Looks. */
  static Traces of(SparkCluster cluster) {
    return new Traces(
        processesOf(cluster),
        Stream.of(cluster.temporary(), cluster.memory()).flatMap(Traces::filesIn).toList());
  }

  /** Waits until there is nothing. */
  static void awaitNone(SparkCluster cluster) throws IOException, InterruptedException {
    try {
      if (hasKilled) {
        Eventually.until("no process of a pool is left", () -> of(cluster).processes.isEmpty());
        removeLeftovers(cluster);
        hasKilled = false;
      }
      Eventually.until("nothing of a pool is left", () -> of(cluster).isNone());
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ", but there is " + of(cluster), e);
    }
  }

  private boolean isNone() {
    return processes.isEmpty() && files.isEmpty();
  }

  /** All that executors have started, and workers whose executor is gone. */
  private static List<ProcessHandle> processesOf(SparkCluster cluster) {
    // Nobody's children any more, but their files are still in a folder of this cluster.
    String folder = cluster.temporary() + "/" + PREFIX;
    Stream<ProcessHandle> orphans =
        ProcessHandle.allProcesses()
            .filter(process -> SparkCluster.read(process, "cmdline").contains(folder));
    return Stream.concat(cluster.executors().stream().flatMap(ProcessHandle::descendants), orphans)
        .distinct()
        .filter(SparkCluster::runs)
        .toList();
  }

  private static Stream<Path> filesIn(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(PREFIX))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
