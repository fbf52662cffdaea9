package dev.procpool.architecture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import java.io.File;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program needs the core and the JDK, nothing else: it compiles without a warning against the
 * core alone, on the class path and on the module path, and runs.
 */
class CoreJarAloneTest {

  /** Uses the contract the way a program does, a type variable and a lambda of each kind. */
  private static final String PROGRAM =
      """
      package alone;

      import dev.procpool.AsyncResult;
      import dev.procpool.MapResult;
      import dev.procpool.Outcome;
      import dev.procpool.Pool;
      import dev.procpool.ResultIterator;
      import dev.procpool.RetryPolicy;
      import dev.procpool.TaskOptions;
      import dev.procpool.function.Args;
      import java.time.Duration;
      import java.util.List;

      public final class Program {
        private Program() {}

        public static void main(String[] args) {
          TaskOptions options =
              TaskOptions.defaults()
                  .chunkSize(10)
                  .retry(RetryPolicy.attempts(2).onWorkerLost());
          System.out.println(Pool.class.getSimpleName() + options.chunkSize().getAsInt());
        }

        static double calls(Pool pool) throws Exception {
          double sum = pool.apply(() -> 1) + pool.apply(x -> x + 1, 1) + pool.apply(Math::pow, 2.0, 3.0);
          List<Integer> squares = pool.map(x -> x * x, List.of(1, 2, 3));
          MapResult<Double> powers =
              pool.starmapAsync(Math::pow, List.of(Args.of(2.0, 3.0), Args.of(3.0, 2.0)));
          powers.onSuccess(values -> System.out.println(values)).onFailure(e -> e.printStackTrace());
          for (Outcome<Double> outcome : powers.outcomes(Duration.ofSeconds(1))) {
            sum += outcome.isSuccess() ? outcome.valueOrThrow() : 0;
          }
          try (ResultIterator<Integer> lazy = pool.imap(x -> x * x, squares)) {
            while (lazy.hasNext()) {
              sum += lazy.next();
            }
          }
          pool.starForEach((a, b) -> System.out.println(a + b), List.of(Args.of(1, 2)));
          AsyncResult<String> text = pool.applyAsync((a, b, c) -> a + b + c, "a", "b", "c");
          return sum + text.get().length();
        }
      }
      """;

  private static final String MODULE = "module alone { requires dev.procpool; }";

  @TempDir Path folder;

  @Test
  void aProgramOnTheClassPathCompilesAndRuns() throws Exception {
    compile(List.of("-classpath", core()), "alone/Program.java", PROGRAM);

    assertThat(run("-classpath", core() + File.pathSeparator + folder, "alone.Program"))
        .isEqualToIgnoringNewLines("Pool10");
  }

  @Test
  void aProgramOnTheModulePathCompilesAndRuns() throws Exception {
    compile(
        List.of("--module-path", core()),
        "alone/Program.java",
        PROGRAM,
        "module-info.java",
        MODULE);

    assertThat(
            run(
                "--module-path",
                core() + File.pathSeparator + folder,
                "--module",
                "alone/alone.Program"))
        .isEqualToIgnoringNewLines("Pool10");
  }

  private static String core() throws Exception {
    URI location = Pool.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    return Path.of(location).toString();
  }

  private void compile(List<String> options, String... pathsAndSources) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of("--release", "17", "-Xlint:all", "-Werror", "-d", folder.toString()));
    arguments.addAll(options);
    List<File> files = new ArrayList<>();
    for (int i = 0; i < pathsAndSources.length; i += 2) {
      Path file = folder.resolve("src").resolve(pathsAndSources[i]);
      Files.createDirectories(file.getParent());
      Files.writeString(file, pathsAndSources[i + 1]);
      files.add(file.toFile());
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, UTF_8)) {
      StringWriter said = new StringWriter();
      boolean done =
          compiler
              .getTask(
                  said, manager, null, arguments, null, manager.getJavaFileObjectsFromFiles(files))
              .call();
      assertThat(said.toString()).isEmpty();
      assertThat(done).isTrue();
    }
  }

  private static String run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dprocpool.cache=off");
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
