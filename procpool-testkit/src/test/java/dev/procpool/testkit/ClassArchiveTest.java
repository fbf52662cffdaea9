package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.WorkerContext;
import dev.procpool.WorkerInfo;
import dev.procpool.local.ProcessPool;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
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

  /** The same with an archive of users' classes, which a worker uses that is started later. */
  static final class UsersProgram {
    private UsersProgram() {}

    public static void main(String[] arguments) throws Exception {
      Path cache = Path.of(System.getProperty("procpool.cache"));
      try (Pool pool =
          ProcessPool.builder()
              .workers(1)
              .environment("THING_LOG", arguments[1])
              .archiveClasses(true)
              .build()) {
        System.out.println(pool.apply(UsersProgram::use, cache.toString()));
        if (arguments[0].equals("stay")) {
          Eventually.until("there is an archive", () -> archives(cache).size() == 1);
          pool.apply(
              () -> {
                WorkerContext.current().replaceWorker();
                return null;
              });
          System.out.println(pool.apply(UsersProgram::use, cache.toString()));
        }
      }
    }

    private static String use(String cache) throws Exception {
      Class.forName("ArchivedThing");
      return "archive "
          + Files.readAllLines(Path.of("/proc/self/maps")).stream()
              .anyMatch(line -> line.contains(cache) && line.endsWith(".jsa"));
    }
  }

  /** Tells of each process that initializes it. */
  private static final String THING =
      """
      public class ArchivedThing {
        static {
          try {
            java.nio.file.Files.writeString(
                java.nio.file.Path.of(System.getenv("THING_LOG")),
                ProcessHandle.current().pid() + "\\n",
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        }
      }
      """;

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

  private ChildJvm startWithUsers(Path cache, Path thing, Path log, String how) throws Exception {
    Path own = Files.createDirectory(directory.resolve("program" + ++programs));
    String classPath = thing + File.pathSeparator + Compiled.classPathWithJar(directory);
    return new ChildJvm(
        own,
        List.of("-Dprocpool.cache=" + cache, "-cp", classPath),
        UsersProgram.class,
        how,
        log.toString());
  }

  @Test
  void usersClassesAreArchivedIfAskedForWithoutRunningThem() throws Exception {
    Path cache = directory.resolve("cache");
    Path log = directory.resolve("log");
    Compiled thing = Compiled.of(Files.createDirectory(directory.resolve("thing")), THING);
    Path jar = directory.resolve("thing.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("ArchivedThing.class"));
      out.write(thing.file("ArchivedThing"));
      out.closeEntry();
    }
    assertPrints(startWithUsers(cache, jar, log, "stay"), "archive false", "archive true");
    assertThat(Files.readAllLines(log)).as("the workers that used it").hasSize(2);
    String archive =
        new String(Files.readAllBytes(archives(cache).get(0)), StandardCharsets.ISO_8859_1);
    assertThat(archive.contains("ArchivedThing")).as("it is in the archive").isTrue();
    assertPrints(startWithUsers(cache, jar, log, "end"), "archive true");
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
