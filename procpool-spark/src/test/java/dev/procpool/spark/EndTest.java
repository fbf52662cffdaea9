package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.testkit.Eventually;
import dev.procpool.testkit.FileLatch;
import dev.procpool.testkit.FileLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is there while a pool lives, and that nothing of it stays. */
@ExtendWith(SharedCluster.class)
class EndTest extends ClusterTest {

  private static final String OURS = "procpool-";

  @Test
  void closeLeavesNothingAndDoesNotStopTheContext() throws Exception {
    // What the first pool makes for all others is no leftover.
    try (Pool first = SparkPool.builder(context()).workers(1).build()) {
      assertThat(first.apply(() -> 1)).isEqualTo(1);
    }
    awaitNothingOnTheExecutors();
    Set<String> before = here();
    try (Pool pool = SparkPool.builder(context()).workers(3).build()) {
      assertThat(pool.map(x -> x, numbers(50))).isEqualTo(numbers(50));
      int length = pool.apply(shared -> shared.get().length, pool.share(new byte[100_000]));
      assertThat(length).isEqualTo(100_000);
      assertThat(foldersOfSharedValues()).isNotEmpty();
      try (ResultIterator<Integer> results = pool.imap(x -> x, Stream.iterate(0, x -> x + 1))) {
        assertThat(results.next()).isZero();
      }
    }
    awaitNothingOnTheExecutors();
    assertThat(here()).isEqualTo(before);
    assertThat(context().sc().isStopped()).isFalse();
    assertAllSlotsAreFree();
  }

  @Test
  void allSocketsAreOnLoopbackWhileAPoolWorks() throws Exception {
    FileLog pids = log("pids");
    FileLatch release = latch("release");
    MapResult<Integer> result =
        pool(2)
            .mapAsync(
                x -> {
                  pids.add(ownPid());
                  release.await();
                  return x;
                },
                numbers(2));
    awaitPids(pids, 2);
    List<ProcessHandle> processes = new ArrayList<>(Traces.of(cluster()).processes());
    assertThat(processes).hasSizeGreaterThanOrEqualTo(2);
    processes.addAll(cluster().executors());
    processes.add(ProcessHandle.current());
    for (ProcessHandle process : processes) {
      assertThat(ListeningSockets.of(process))
          .as(process.info().toString())
          .allMatch(ListeningSockets::isLoopback);
    }
    release.countDown();
    assertThat(result.get()).isEqualTo(numbers(2));
  }

  @Test
  void whenAnExecutorIsKilledItsLoopsEnd() throws Exception {
    FileLog pids = log("pids");
    MapResult<Integer> result = pool(4).mapAsync(x -> loop(pids), numbers(4));
    ProcessHandle executor = parentOf(awaitPids(pids, 4).get(0));
    List<ProcessHandle> below = executor.descendants().toList();
    assertThat(below).isNotEmpty();
    kill(executor.pid());
    for (ProcessHandle process : below) {
      awaitEnd(process);
    }
    result.cancel(true);
    assertThat(result.outcomes()).hasSize(4);
  }

  /** Waits until there is no job, process, file or thread of a pool. */
  private void awaitNothingOnTheExecutors() throws Exception {
    Eventually.until(
        "no job is left", () -> context().statusTracker().getActiveJobIds().length == 0);
    Traces.awaitNone(cluster());
    assertThat(foldersOfSharedValues()).isEmpty();
    for (ProcessHandle executor : cluster().executors()) {
      Eventually.until(
          "no thread of a pool is left in an executor",
          () -> threadsOf(executor).noneMatch(name -> name.contains(OURS)));
    }
  }

  /** Where executors have what their workers share. */
  private List<Path> foldersOfSharedValues() throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        cluster().folder(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (folder.getFileName().toString().startsWith("procpool-shared-")) {
              found.add(folder);
              return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path gone, IOException why) {
            return FileVisitResult.CONTINUE; // Spark removes files at any moment
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException why) {
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  private static Stream<String> threadsOf(ProcessHandle process) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      Process printing =
          new ProcessBuilder(jcmd, Long.toString(process.pid()), "Thread.print")
              .redirectErrorStream(true)
              .start();
      String dump = new String(printing.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(dump).contains("\"main\"");
      return dump.lines().filter(line -> line.startsWith("\""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Threads and files of pools in this process and on this machine. */
  private static Set<String> here() {
    Stream<String> threads =
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.contains(OURS));
    return Stream.concat(threads, filesHere()).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> filesHere() {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .map(Path::toString)
          .filter(name -> name.contains(OURS))
          .filter(name -> !name.endsWith(".jar")) // a JVM's, which has more than one pool
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
