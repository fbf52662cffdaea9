package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Workers start wherever the program does, and when that place is gone. */
class WorkingDirectoryTest extends ProcessPoolTest {

  @TempDir Path directory;

  private static String here() throws Exception {
    return Path.of("").toRealPath().toString();
  }

  @Test
  void aWorkerStartsElsewhereWhenItsDirectoryWasDeleted() throws Exception {
    Path given = Files.createDirectory(directory.resolve("given"));
    Pool pool =
        built(ProcessPool.builder().workers(1).maxTasksPerWorker(1).workingDirectory(given));
    String temporary = Path.of(System.getProperty("java.io.tmpdir")).toRealPath().toString();
    assertThat(pool.apply(WorkingDirectoryTest::here)).isEqualTo(given.toRealPath().toString());
    Files.delete(given);
    pool.apply(WorkingDirectoryTest::where); // perhaps on a worker that was started before
    pool.apply(WorkingDirectoryTest::where);
    assertThat(pool.apply(WorkingDirectoryTest::where)).isEqualTo(temporary);
  }

  /** A worker may have been started before the directory was deleted: it has none. */
  private static String where() {
    try {
      return here();
    } catch (Exception e) {
      return e.toString();
    }
  }

  /** A program whose directory is deleted before or after it makes a pool. */
  static final class Homeless {
    private Homeless() {}

    public static void main(String[] arguments) throws Exception {
      Path own = Path.of("").toAbsolutePath();
      if (arguments[0].equals("before")) {
        Files.delete(own);
      }
      try (Pool pool = ProcessPool.builder().workers(1).maxTasksPerWorker(1).build()) {
        pool.apply(() -> 1);
        Files.deleteIfExists(own);
        for (int i = 0; i < 3; i++) {
          System.out.println(pool.apply(WorkingDirectoryTest::where));
        }
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theProgramsOwnMayBeDeletedBefore() throws Exception {
    assertWorksWithout("before");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theProgramsOwnMayBeDeletedAfter() throws Exception {
    assertWorksWithout("after");
  }

  private void assertWorksWithout(String when) throws Exception {
    Path own = Files.createDirectory(directory.resolve("own"));
    try (ChildJvm program =
        new ChildJvm(
            directory, List.of("env", "-C", own.toString()), List.of(), Homeless.class, when)) {
      assertThat(program.exitCode()).as(program.errors()).isZero();
      List<String> out = program.output();
      assertThat(out.get(out.size() - 1)).isEqualTo(directory.resolve("t").toRealPath().toString());
      assertThat(program.errors().lines().filter(line -> line.contains("was deleted")))
          .as(program.errors())
          .hasSize(1);
    }
  }

  /** A program that says where its worker is. */
  static final class Host {
    private Host() {}

    public static void main(String[] arguments) throws Exception {
      try (Pool pool = ProcessPool.create(1)) {
        System.out.println(pool.apply(() -> "at " + System.getProperty("user.dir")));
      }
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aDirectoryWithASeparatorInItsNameHoldsTheClassPath() throws Exception {
    Path own = Files.createDirectory(directory.resolve("with:colon"));
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      String link = "entry" + entries.size();
      Files.createSymbolicLink(own.resolve(link), Path.of(entry).toAbsolutePath());
      entries.add(link);
    }
    try (ChildJvm program =
        new ChildJvm(
            directory,
            List.of("env", "-C", own.toString()),
            List.of("-cp", String.join(":", entries)),
            Host.class)) {
      assertThat(program.exitCode()).as(program.errors()).isZero();
      assertThat(program.output()).singleElement().asString().contains("with:colon");
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void soDoesOneThatTheEncodingOfFileNamesCanNotExpress() throws Exception {
    Path own = Files.createDirectory(directory.resolve("grüße"));
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      entries.add("../" + directory.relativize(Path.of(entry).toAbsolutePath()));
    }
    try (ChildJvm program =
        new ChildJvm(
            directory,
            List.of("env", "-C", own.toString(), "LC_ALL=C"),
            List.of("-cp", String.join(":", entries)),
            Host.class)) {
      assertThat(program.exitCode()).as(program.errors()).isZero();
    }
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void anAddedEntryWithASeparatorIsRefused() {
    Path entry = directory.resolve("a:b.jar");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessPool.builder().classPath(entry).build())
        .withMessageContaining("class path")
        .withMessageContaining(entry.toString());
  }

  /** A program that a launcher has started which is no Java. */
  static final class Launched {
    private Launched() {}

    public static void main(String[] arguments) throws Exception {
      Path home = Path.of(System.getProperty("java.home"));
      ProcessPool.create(1).close(); // the JDK itself reads the property when it loads some classes
      System.clearProperty("java.home");
      try {
        ProcessPool.create(1);
      } catch (IllegalStateException e) {
        System.out.println(e.getMessage());
      }
      try (Pool pool = ProcessPool.builder().workers(1).javaHome(home).build()) {
        System.out.println(pool.apply(() -> "works"));
      }
    }
  }

  @Test
  void aProgramWithoutAJavaHomeIsToldToNameOne() throws Exception {
    try (ChildJvm program = new ChildJvm(directory, Launched.class)) {
      assertThat(program.exitCode()).as(program.errors()).isZero();
      assertThat(program.output())
          .containsExactly(
              "this process has no java.home, so that its workers would have no Java to run: say"
                  + " ProcessPool.builder().javaHome(path)",
              "works");
    }
  }
}
