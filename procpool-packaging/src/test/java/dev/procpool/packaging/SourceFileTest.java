package dev.procpool.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.local.ProcessPool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program of one source file, compiled in memory by the launcher that runs it. */
class SourceFileTest {

  private static final String SOURCE =
      """
      import dev.procpool.Pool;
      import dev.procpool.local.ProcessPool;
      import java.io.Serializable;
      import java.util.List;

      public class Primes {
        record Found(int number, boolean isPrime) implements Serializable {}

        static final int FIRST = 2;

        static Found test(int number) {
          for (int divisor = FIRST; divisor * divisor <= number; divisor++) {
            if (number % divisor == 0) {
              return new Found(number, false);
            }
          }
          return new Found(number, true);
        }

        public static void main(String[] args) throws Exception {
          String greeting = args[0];
          try (Pool pool = ProcessPool.create(2)) {
            System.out.println(pool.map(Primes::test, List.of(7, 8)));
            System.out.println(pool.map(x -> greeting + new Other().twice(x), List.of(1)));
          }
        }
      }

      class Other {
        int twice(int x) {
          return 2 * x;
        }
      }
      """;

  @TempDir Path directory;

  @Test
  void runsOnWorkers() throws Exception {
    assertRuns(List.of());
  }

  /** Classes compiled so run on no JVM without the option. */
  @Test
  void runsOnWorkersWithWhatIsInPreview() throws Exception {
    String version = Integer.toString(Runtime.version().feature());
    assertRuns(List.of("--enable-preview", "--source", version));
  }

  private void assertRuns(List<String> options) throws Exception {
    Path source = Files.writeString(directory.resolve("Primes.java"), SOURCE);
    List<String> command = new ArrayList<>(List.of(Started.tool("java")));
    command.addAll(List.of("-cp", Started.jarOf(ProcessPool.class).toString()));
    command.addAll(options);
    command.addAll(List.of(source.toString(), "twice: "));
    Started started = Started.run(directory, "", command);
    assertThat(started.err().lines().filter(line -> !line.startsWith("Note: "))).isEmpty();
    assertThat(started.out())
        .containsExactly(
            "[Found[number=7, isPrime=true], Found[number=8, isPrime=false]]", "[twice: 2]");
    assertThat(started.exitCode()).isZero();
  }
}
