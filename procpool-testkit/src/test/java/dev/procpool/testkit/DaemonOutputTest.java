package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A daemon that lives on, since the user wants that or since it has hidden, holds its worker's
 * output open: nothing of the pool waits for it.
 */
class DaemonOutputTest extends ProcessPoolTest {

  private FileLog daemons;

  @BeforeEach
  void onlyOnLinux() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs /proc");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "needs setsid");
    daemons = log("daemons");
  }

  @AfterEach
  void endDaemons() {
    if (daemons != null) {
      daemons
          .lines()
          .forEach(
              pid ->
                  ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly));
    }
  }

  /** Starts a daemon and returns when it is there. */
  private static void daemon(FileLog pids, String script) throws IOException, InterruptedException {
    int before = pids.size();
    new ProcessBuilder(
            "sh", "-c", "setsid sh -c 'echo $$ >> \"$0\"; " + script + "' \"$0\" & :", pids.path())
        .inheritIO()
        .start()
        .waitFor();
    Eventually.until("the daemon is there", () -> pids.size() > before);
  }

  private static String holding(String streams) {
    return switch (streams) {
      case "stdout" -> "exec sleep 1000 2> /dev/null";
      case "stderr" -> "exec sleep 1000 > /dev/null";
      default -> "exec sleep 1000";
    };
  }

  private enum End {
    BY_ITSELF,
    KILLED,
    REPLACED,
    CLOSED,
    TERMINATED
  }

  private static long pipes() {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(DaemonOutputTest::isPipe).count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isPipe(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
    } catch (IOException e) {
      return false; // of this very look
    }
  }

  private static List<String> threads(String pool) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.contains(pool))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void nothingOfThePoolIsLeftWhateverDaemonsHold(End end) throws Exception {
    long before = pipes();
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    FileLog pids = daemons;
    ProcessPool.Builder builder =
        ProcessPool.builder()
            .name("daemons")
            .workers(1)
            .keepChildren(true)
            .output(line -> lines.add(line.text()));
    Pool pool = built(end == End.REPLACED ? builder.maxTasksPerWorker(1) : builder);
    List<String> words = new ArrayList<>();
    for (String streams : List.of("stdout", "stderr", "both")) {
      String script = holding(streams);
      pool.apply(
          () -> {
            System.out.println("out before " + streams);
            System.err.println("err before " + streams);
            daemon(pids, script);
            return 0;
          });
      words.addAll(List.of("out before " + streams, "err before " + streams));
      if (end == End.BY_ITSELF || end == End.KILLED) {
        int status = end == End.KILLED ? 137 : 0;
        words.add("last words of " + streams);
        pool.mapAsync(
                x -> {
                  System.err.println("last words of " + streams);
                  if (status == 0) {
                    Runtime.getRuntime().halt(0);
                  }
                  signal("KILL", ProcessHandle.current().pid());
                  return 0;
                },
                List.of(0))
            .outcomes();
      }
    }
    if (end == End.TERMINATED) {
      pool.terminate();
    }
    pool.close();
    Eventually.until("no thread is left", () -> threads("procpool-daemons").isEmpty());
    Eventually.until("no pipe is left", () -> pipes() <= before);
    assertThat(lines).containsAll(words);
    assertThat(pids.lines()).hasSize(3).allMatch(DaemonOutputTest::isAlive);
  }

  /** It writes without end, to whoever reads. */
  @Test
  void aDaemonThatFloodsItsWorkersOutputIsNotListenedToForEver() throws Exception {
    FileLog pids = daemons;
    Pool pool =
        built(
            ProcessPool.builder().name("flooded").workers(1).keepChildren(true).output(line -> {}));
    pool.apply(
        () -> {
          daemon(pids, "exec yes");
          return 0;
        });
    pool.close();
    Eventually.until("no thread is left", () -> threads("procpool-flooded").isEmpty());
  }

  /** What the worker has written comes, however slowly it is taken. */
  @Test
  void aSlowConsumerStillGetsAll() throws Exception {
    FileLog pids = daemons;
    FileLatch taken = latch("taken");
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    Pool pool =
        built(
            ProcessPool.builder()
                .name("slow")
                .workers(1)
                .keepChildren(true)
                .output(
                    line -> {
                      boolean interrupted = false; // as by the pool's end
                      while (!taken.isOpen()) {
                        try {
                          taken.await();
                        } catch (InterruptedException e) {
                          interrupted = true;
                        } catch (TimeoutException e) {
                          throw new AssertionError(e);
                        }
                      }
                      lines.add(line.text());
                      if (interrupted) {
                        Thread.currentThread().interrupt();
                      }
                    }));
    pool.apply(
        () -> {
          for (int i = 0; i < 1000; i++) {
            System.out.println("line " + i);
          }
          daemon(pids, "exec sleep 1000");
          return 0;
        });
    pool.close();
    taken.countDown();
    Eventually.until("no thread is left", () -> threads("procpool-slow").isEmpty());
    assertThat(lines)
        .containsExactlyElementsOf(IntStream.range(0, 1000).mapToObj(i -> "line " + i).toList());
  }

  private static boolean isAlive(String pid) {
    return ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::isAlive).orElse(false);
  }
}
