package dev.procpool.testkit;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What the tests of real worker processes share. */
abstract class ProcessPoolTest extends ContractTest {

  @Override
  protected PoolFactory backend() {
    return ProcessPool::create;
  }

  /** Builds a pool that ends with the test. */
  final Pool built(ProcessPool.Builder builder) {
    return endedAfterTest(builder.build());
  }

  /** Has as many tasks wait for each other and gives the processes that they ran in. */
  final List<Long> pidsOfAllWorkers(Pool pool, int workers, String name) throws Exception {
    List<FileLatch> arrived =
        IntStream.range(0, workers).mapToObj(i -> latch(name + "-arrived-" + i)).toList();
    return pool.map(
        i -> {
          arrived.get(i).countDown();
          for (FileLatch other : arrived) {
            other.await();
          }
          return ProcessHandle.current().pid();
        },
        IntStream.range(0, workers).boxed().toList());
  }

  /** Sends a signal, by the name that {@code kill} knows. */
  static void signal(String name, long pid) throws IOException, InterruptedException {
    signal(name, List.of(pid));
  }

  /** Sends it to several processes, as good as at the same time. */
  static void signal(String name, List<Long> pids) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kill", "-" + name, "--"));
    pids.forEach(pid -> command.add(pid.toString()));
    Process kill = new ProcessBuilder(command).inheritIO().start();
    if (!kill.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new AssertionError(command + " failed");
    }
    if (name.equals("STOP")) {
      for (long pid : pids) {
        Eventually.until("all threads have stopped", () -> hasStopped(pid));
      }
    }
  }

  /**
   * Tells whether no thread of a process runs any more: one of them has to be given a processor to
   * stop the others, which go on until then.
   */
  private static boolean hasStopped(long pid) {
    Path threads = Path.of("/proc", String.valueOf(pid), "task");
    if (!Files.isDirectory(threads)) {
      return true; // no Linux, or it is gone
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
      for (Path thread : all) {
        String stat = Files.readString(thread.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
      return true;
    } catch (IOException | DirectoryIteratorException e) {
      return false; // a thread has ended meanwhile
    }
  }

  /** Tells whether a process has ended; one that waits to be reaped has. */
  static boolean isGone(long pid) {
    Path stat = Path.of("/proc", String.valueOf(pid), "stat");
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      return ProcessHandle.of(pid).map(process -> !process.isAlive()).orElse(true);
    }
    try {
      String text = Files.readString(stat);
      return "ZX".indexOf(text.charAt(text.lastIndexOf(')') + 2)) >= 0;
    } catch (IOException e) {
      return true;
    }
  }
}
