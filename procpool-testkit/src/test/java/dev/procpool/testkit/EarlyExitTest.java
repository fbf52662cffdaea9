package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that ends while its pool is being made, or its workers start, leaves nothing. */
class EarlyExitTest extends ProcessPoolTest {

  private static final int ENDS = 8;

  @TempDir Path programs;

  /** A program that ends some time after its pool's directory has appeared. */
  static final class Short {
    private Short() {}

    public static void main(String[] arguments) throws Exception {
      Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
      long delay = Long.parseLong(arguments[0]);
      Thread end =
          new Thread(
              () -> {
                String[] names = temporary.toFile().list();
                while (names == null || names.length == 0) {
                  Thread.onSpinWait();
                  names = temporary.toFile().list();
                }
                long from = System.nanoTime();
                while (System.nanoTime() - from < TimeUnit.MILLISECONDS.toNanos(delay)) {
                  Thread.onSpinWait();
                }
                if (arguments[1].equals("exit")) {
                  System.exit(0);
                }
                Runtime.getRuntime().halt(0);
              });
      end.setDaemon(true);
      end.start();
      ProcessPool.create(2).map(x -> x + 1, List.of(1, 2, 3));
      Thread.sleep(600_000);
    }
  }

  /** In good order or not: at whatever moment, the directory is removed by somebody. */
  @ParameterizedTest
  @ValueSource(strings = {"exit", "halt"})
  void nothingIsLeftForLong(String how) throws Exception {
    for (int i = 0; i < ENDS; i++) {
      Path place = Files.createDirectory(programs.resolve(how + i));
      try (ChildJvm program = new ChildJvm(place, Short.class, Integer.toString(i * i * 8), how)) {
        program.exitCode();
        Eventually.until("no worker is left", () -> program.workers().isEmpty());
        if (how.equals("halt")) { // before a worker knew of the directory, perhaps
          age(place.resolve("t"));
          nextPool(place);
        }
        Eventually.until("nor a file: " + program.files(), () -> program.files().isEmpty());
        // nothing goes wrong in what removes it; whoever makes the pool may be told of the end
        assertThat(program.errors())
            .doesNotContain("Exception in thread \"procpool-", "can't be set up");
      }
    }
  }

  /** A program that ends while its pool does, or while the only worker is being replaced. */
  static final class Late {
    private Late() {}

    public static void main(String[] arguments) throws Exception {
      Pool pool = ProcessPool.create(1);
      pool.apply(() -> 1);
      long delay = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(arguments[0]));
      switch (arguments[1]) {
        case "terminate" -> pool.terminate();
        case "shutdown" -> pool.shutdown();
        case "hook" -> Runtime.getRuntime().addShutdownHook(new Thread(pool::terminate));
        default -> {
          long pid = pool.workers().get(0).pid();
          ProcessHandle.of(pid).orElseThrow().destroyForcibly();
          while (pool.workers().stream().anyMatch(worker -> worker.pid() == pid)) {
            Thread.onSpinWait();
          }
        }
      }
      long from = System.nanoTime();
      while (System.nanoTime() - from < delay) {
        Thread.onSpinWait();
      }
      System.exit(0);
    }
  }

  /** No worker may live long enough to notice that the program is gone. */
  @ParameterizedTest
  @ValueSource(strings = {"terminate", "shutdown", "hook", "kill"})
  void nothingIsLeftByAPoolWhoseWorkersEnd(String how) throws Exception {
    for (int i = 0; i < ENDS; i++) {
      Path place = Files.createDirectory(programs.resolve(how + i));
      String delay = Integer.toString(i * i * 500);
      try (ChildJvm program = new ChildJvm(place, Late.class, delay, how)) {
        assertThat(program.exitCode()).as(program.errors()).isZero();
        Eventually.until("no worker is left", () -> program.workers().isEmpty());
        Eventually.until("nor a file: " + program.files(), () -> program.files().isEmpty());
      }
    }
  }

  /** What has no mark yet must be old: it may be just being made. */
  private static void age(Path temporary) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(temporary)) {
      for (Path folder : left) {
        Files.setLastModifiedTime(folder, FileTime.fromMillis(0));
      }
    }
  }

  /** Has a pool look for what is left, and end. */
  private static void nextPool(Path place) throws Exception {
    String before = System.setProperty("java.io.tmpdir", place.resolve("t").toString());
    try (Pool next = ProcessPool.create(1)) {
      next.apply(() -> 1);
    } finally {
      System.setProperty("java.io.tmpdir", before);
    }
  }
}
