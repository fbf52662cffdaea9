package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.WorkerInfo;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of classes from which workers start: made, used, and never in the way. */
class ClassArchiveTest extends ProcessPoolTest {

  @TempDir Path directory;

  private int programs;

  /** Makes a call, says what its worker started from, and may stay until there is an archive. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      Path cache = Path.of(System.getProperty("procpool.cache"));
      try (Pool pool = ProcessPool.create(1)) {
        pool.apply(() -> 1);
        WorkerInfo worker = pool.workers().get(0);
        boolean mapped =
            Files.readAllLines(Path.of("/proc/" + worker.pid() + "/maps")).stream()
                .anyMatch(line -> line.contains(cache.toString()) && line.endsWith(".jsa"));
        System.out.println("archive " + mapped);
        if (arguments[0].equals("stay")) {
          Eventually.until("there is an archive", () -> archives(cache).size() == 1);
        } else if (arguments[0].equals("wait")) {
          Thread.sleep(600_000);
        }
      }
    }
  }

  private static List<Path> archives(Path cache) {
    if (!Files.isDirectory(cache)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(cache)) {
      return files.filter(file -> file.toString().endsWith(".jsa")).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private ChildJvm start(Path cache, String how) throws Exception {
    Path own = Files.createDirectory(directory.resolve("program" + ++programs));
    return new ChildJvm(
        own,
        List.of("-Dprocpool.cache=" + cache, "-cp", Compiled.classPathWithJar(directory)),
        Program.class,
        how);
  }

  private void assertPrints(ChildJvm program, String... lines) throws Exception {
    try (program) {
      assertThat(program.exitCode()).as(program.errors()).isZero();
      assertThat(program.output()).containsExactly(lines);
      assertThat(program.errors()).isEmpty();
      assertThat(program.files()).isEmpty();
    }
  }

  @Test
  void madeByOneProgramUsedByTheNextHarmlessWhenDamaged() throws Exception {
    Path cache = directory.resolve("cache");
    assertPrints(start(cache, "stay"), "archive false");
    assertPrints(start(cache, "end"), "archive true");
    Path archive = archives(cache).get(0);
    assertThat(archive.toFile().setWritable(true)).isTrue();
    try (RandomAccessFile file = new RandomAccessFile(archive.toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }
    assertPrints(start(cache, "stay"), "archive false");
    assertPrints(start(cache, "end"), "archive true");
  }

  @Test
  void twoProgramsAtOnceMakeOneAndTheOneThatIsCutShortIsMadeNextTime() throws Exception {
    Path cache = directory.resolve("cache");
    ChildJvm first = start(cache, "end");
    ChildJvm second = start(cache, "end");
    assertPrints(first, "archive false");
    assertPrints(second, "archive false");
    ChildJvm third = start(cache, "end");
    try (third) {
      assertThat(third.exitCode()).as(third.errors()).isZero();
    }
    assertThat(archives(cache)).hasSize(1);
    try (Stream<Path> files = Files.list(cache)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("lock", archives(cache).get(0).getFileName().toString());
    }
  }

  @Test
  void aFolderThatCanNotBeIsHarmless() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertPrints(start(file.resolve("cache"), "end"), "archive false");
  }

  @Test
  void itsMakerEndsWithTheProgram() throws Exception {
    Path cache = directory.resolve("cache");
    try (ChildJvm program = start(cache, "wait")) {
      Eventually.until(
          "an archive is being made: " + program.errors(),
          () -> program.workers().size() == 2 || !archives(cache).isEmpty());
      program.kill();
      Eventually.until("every process has ended", () -> program.workers().isEmpty());
    }
  }
}
