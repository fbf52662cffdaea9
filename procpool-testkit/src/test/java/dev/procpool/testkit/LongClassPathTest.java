package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.function.Task1;
import dev.procpool.local.ProcessPool;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Class paths longer than any command line, with all that file names may hold. */
class LongClassPathTest {

  private static final int ENTRIES = 4000;

  private static final String LAST =
      """
      package last;

      public class Last implements dev.procpool.function.Task1<Integer, String> {
        @Override
        public String call(Integer value) {
          return value + " from " + (Last.class.getClassLoader() == ClassLoader.getSystemClassLoader());
        }
      }
      """;

  /** The program with the long class path. */
  static final class Host {

    private Host() {}

    public static void main(String[] args) throws Exception {
      try (Pool pool = ProcessPool.create(1)) {
        Task1<Integer, String> task =
            Compiled.make(ClassLoader.getSystemClassLoader(), "last.Last");
        System.out.println(pool.apply(task, 1));
      }
    }
  }

  @TempDir Path folder;

  @Test
  void workersHaveThousandsOfEntriesAsTheirParentDoes() throws Exception {
    Path last = Files.createDirectory(folder.resolve("a \\\"b\\\" #'c' %d% \\n ü"));
    Compiled.of(last, LAST);
    List<String> entries = new ArrayList<>();
    entries.add(System.getProperty("java.class.path"));
    for (int i = 0; i < ENTRIES; i++) {
      entries.add(
          folder.resolve("repository/group/artifact-" + i + "/1.0/artifact.jar").toString());
    }
    entries.add(last.toString());
    String classPath = String.join(File.pathSeparator, entries);
    assertThat(classPath.length())
        .as("more than Linux takes in one argument")
        .isGreaterThan(131072);
    Path arguments = folder.resolve("arguments");
    Files.writeString(
        arguments, "-cp \"" + classPath.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    List<String> options = List.of("@" + arguments);
    try (ChildJvm host = new ChildJvm(folder, options, Host.class)) {
      assertThat(host.exitCode()).as(host.errors()).isZero();
      assertThat(host.output()).containsExactly("1 from true");
    }
  }
}
