package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker's temporary files are in a folder of its own, which goes with it. */
class WorkerTempTest extends ProcessPoolTest {

  @TempDir Path directory;

  private static String temporary() {
    return System.getProperty("java.io.tmpdir");
  }

  /** Leaves what is not easily removed, and a link to what must stay. */
  private static String litter(String kept) throws IOException {
    Path folder = Files.createTempDirectory("left");
    Files.writeString(folder.resolve("file"), "x");
    Files.createSymbolicLink(folder.resolve("link"), Path.of(kept));
    Files.createSymbolicLink(Path.of(temporary(), "link"), Path.of(kept));
    Path closed = Files.createDirectories(folder.resolve("closed/within"));
    Files.writeString(closed.resolve("file"), "x");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-x------"));
    Files.setPosixFilePermissions(closed.getParent(), PosixFilePermissions.fromString("---------"));
    return temporary();
  }

  private Path kept() throws IOException {
    Path kept = Files.createDirectories(directory.resolve("kept"));
    Files.writeString(kept.resolve("file"), "x");
    return kept;
  }

  private static void assertOnlyKept(Path kept) {
    assertThat(kept.resolve("file")).exists();
  }

  @Test
  void eachWorkerHasItsOwnBelowThePrograms() throws Exception {
    Pool pool = pool(2);
    List<Long> pids = pidsOfAllWorkers(pool, 2, "first");
    assertThat(pids).hasSize(2);
    FileLatch both = latch("both");
    FileLatch second = latch("second");
    List<String> folders =
        pool.map(
            i -> {
              (i == 0 ? both : second).countDown();
              (i == 0 ? second : both).await();
              Path made = Files.createTempFile("a", "b");
              assertThat(made).hasParent(Path.of(temporary()));
              return temporary();
            },
            List.of(0, 1));
    assertThat(folders).doesNotHaveDuplicates();
    for (String folder : folders) {
      assertThat(Path.of(folder)).isDirectory().startsWith(Path.of(temporary()));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(folder))))
          .isEqualTo("rwx------");
    }
    pool.close();
    for (String folder : folders) {
      assertThat(Path.of(folder)).doesNotExist();
    }
  }

  @Test
  void itGoesWhenTheWorkerIsReplaced() throws Exception {
    String kept = kept().toString();
    Pool pool = built(ProcessPool.builder().workers(1).maxTasksPerWorker(1));
    Path folder = Path.of(pool.apply(() -> litter(kept)));
    Path next = Path.of(pool.apply(WorkerTempTest::temporary));
    assertThat(next).isNotEqualTo(folder);
    Eventually.until("the folder is gone", () -> Files.notExists(folder));
    assertOnlyKept(Path.of(kept));
  }

  @Test
  void itGoesWhenTheWorkerIsKilled() throws Exception {
    String kept = kept().toString();
    Pool pool = built(ProcessPool.builder().workers(1).output(line -> {}));
    Path folder = Path.of(pool.apply(() -> litter(kept)));
    signal("KILL", pool.apply(() -> ProcessHandle.current().pid()));
    Eventually.until("the folder is gone", () -> Files.notExists(folder));
    assertOnlyKept(Path.of(kept));
    assertThat(Path.of(pool.apply(WorkerTempTest::temporary))).isNotEqualTo(folder).isDirectory();
  }

  /** How a worker ends, by its own doing or the pool's. */
  enum End {
    EXIT,
    HALT,
    OUT_OF_MEMORY,
    CRASH,
    TIME_OUT;

    void come() throws Exception {
      switch (this) {
        case EXIT -> System.exit(3);
        case HALT -> Runtime.getRuntime().halt(3);
        case OUT_OF_MEMORY -> {
          List<byte[]> hoard = new ArrayList<>();
          while (hoard.size() < 1_000) {
            hoard.add(new byte[1 << 20]);
          }
        }
        case CRASH -> signal("SEGV", ProcessHandle.current().pid());
        case TIME_OUT -> {}
      }
      while (true) {
        Thread.interrupted(); // it takes a kill
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void itGoesHoweverTheWorkerEnds(End end) throws Exception {
    String kept = kept().toString();
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .jvmOptions(List.of("-Xmx48m", "-XX:-CreateCoredumpOnCrash"))
                .output(line -> {}));
    Path folder = Path.of(pool.apply(() -> litter(kept)));
    assertThat(folder).isDirectory();
    TaskOptions limit =
        end == End.TIME_OUT
            ? TaskOptions.defaults().timeout(Duration.ofMillis(100))
            : TaskOptions.defaults();
    List<Outcome<Integer>> outcomes =
        pool.with(limit)
            .mapAsync(
                i -> {
                  end.come();
                  return i;
                },
                List.of(1))
            .outcomes();
    assertThat(outcomes.get(0).isSuccess()).isFalse();
    Eventually.until("the folder is gone", () -> Files.notExists(folder));
    assertOnlyKept(Path.of(kept));
  }

  @Test
  void itGoesWhenTheInitializerFails() throws Exception {
    Path place = Files.createDirectory(directory.resolve("place"));
    String kept = kept().toString();
    Pool pool =
        built(
            ProcessPool.builder()
                .workers(1)
                .workerTemp(place)
                .initializer(
                    () -> {
                      litter(kept);
                      throw new IllegalStateException("no");
                    }));
    assertThatThrownBy(() -> pool.apply(() -> 1)).hasMessageContaining("no");
    pool.close();
    Eventually.until("nothing is left", () -> isEmpty(place));
    assertOnlyKept(Path.of(kept));
  }

  @Test
  void anotherPlaceCanBeGiven() throws Exception {
    Path place = Files.createDirectory(directory.resolve("place"));
    try (Pool pool =
        ProcessPool.builder().workers(1).workerTemp(place).maxTasksPerWorker(1).build()) {
      String kept = kept().toString();
      Path folder = Path.of(pool.apply(() -> litter(kept)));
      assertThat(folder).startsWith(place);
      assertThat(Path.of(pool.apply(WorkerTempTest::temporary))).startsWith(place);
      Eventually.until("the folder is gone", () -> Files.notExists(folder));
    }
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void aPlaceThatIsNoneIsRefused() {
    Path place = directory.resolve("missing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessPool.builder().workerTemp(place).build())
        .withMessage("workerTemp is %s, which is no directory that can be written to", place);
  }

  /** A program whose worker leaves files and then hangs. */
  static final class Host {
    private Host() {}

    public static void main(String[] arguments) throws Exception {
      Path place = Path.of(arguments[0]);
      String kept = arguments[1];
      try (Pool pool = ProcessPool.builder().workers(1).workerTemp(place).build()) {
        pool.apply(
            () -> {
              System.out.println(litter(kept));
              Thread.sleep(600_000);
              return 1;
            });
      }
    }
  }

  @Test
  void itGoesWhenTheProgramIsKilled() throws Exception {
    Path place = Files.createDirectory(directory.resolve("place"));
    Path kept = kept();
    try (ChildJvm program =
        new ChildJvm(directory, Host.class, place.toString(), kept.toString())) {
      Eventually.until("the worker has left files", () -> hasPrinted(program));
      program.kill();
      Eventually.until("no worker is left", () -> program.workers().isEmpty());
      Eventually.until("nor its files", () -> isEmpty(place));
      assertOnlyKept(kept);
    }
  }

  private static boolean hasPrinted(ChildJvm program) {
    try {
      return !program.output().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isEmpty(Path place) {
    try (Stream<Path> files = Files.list(place)) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
