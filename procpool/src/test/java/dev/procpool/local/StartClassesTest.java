package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.local.archive.LoadedClasses;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The list is what a start loads, but for a few. */
@Timeout(180)
class StartClassesTest {

  /** So many may depend on the JDK, or on what comes first. */
  private static final int FEW = 15;

  private static final String FIRST = StartClasses.names().get(0);

  private static final String LAST = StartClasses.names().get(StartClasses.names().size() - 1);

  @TempDir Path directory;

  /** A user's program. */
  static final class Program {

    private Program() {}

    static double add(int a, double b) {
      return a + b;
    }

    public static void main(String[] args) throws Exception {
      try (Pool pool = ProcessPool.create(2)) {
        System.out.println(pool.apply(Program::add, 1, 0.5));
      }
    }
  }

  /** What a program loads of ours, in order. */
  private List<String> loaded(int processors, Class<?> program) throws Exception {
    Path log = directory.resolve("classes-1.log");
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ActiveProcessorCount=" + processors,
                "-Duser.home=" + directory, // where the cache is
                "-Xlog:class+load:file=" + log + ":none",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("XDG_CACHE_HOME", directory.toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(output).content().contains("1.5");
    return new LoadedClasses(directory)
        .names().stream().filter(name -> name.startsWith("dev.procpool.")).toList();
  }

  @Test
  void theyAreThoseThatAStartLoadsFromTheLaunchOn() throws Exception {
    List<String> loaded = loaded(1, Program.class); // no second thread loads any
    List<String> unneeded = new ArrayList<>(StartClasses.names());
    unneeded.removeAll(loaded);
    assertThat(unneeded).as("listed, and not needed: take them off").hasSizeLessThan(FEW);
    List<String> unlisted = new ArrayList<>(loaded.subList(loaded.indexOf(FIRST), loaded.size()));
    unlisted.removeAll(StartClasses.names());
    assertThat(unlisted)
        .as("classes that a start needs and the list does not have: add them")
        .hasSizeLessThan(FEW);
  }

  @Test
  void eachIsThereOnceAndWhereOneIsNotNothingHappens() throws ClassNotFoundException {
    assertThat(StartClasses.names()).doesNotHaveDuplicates();
    for (String name : StartClasses.names()) {
      assertThat(Class.forName(name, false, getClass().getClassLoader())).isNotNull();
    }
    StartClasses.link("dev.procpool.NotThere");
  }

  /** Tells when it is initialized. */
  static final class Told {

    static {
      System.setProperty("procpool.test.told", "");
    }

    private Told() {}
  }

  @Test
  void theyAreNotInitialized() {
    StartClasses.link(Told.class.getName());
    assertThat(System.getProperty("procpool.test.told")).isNull();
  }

  /** Begins a pool that it does not make. */
  static final class Beginning {

    private Beginning() {}

    public static void main(String[] args) throws Exception {
      ProcessPool.builder();
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().equals("procpool-classes")) {
          thread.join(TimeUnit.MINUTES.toMillis(1));
        }
      }
      System.out.println("1.5");
    }
  }

  @Test
  void aSecondThreadLoadsThemAll() throws Exception {
    assertThat(loaded(2, Beginning.class)).containsAll(StartClasses.names());
    assertThat(loaded(1, Beginning.class)).as("on one processor").doesNotContain(LAST);
  }
}
