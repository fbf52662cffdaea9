package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts the command line as a process of its own. */
public final class Program {

  private Program() {}

  /**
   * Gives what starts it, from any folder. It writes to the files {@code out} and {@code err}.
   *
   * @param folder where these are
   * @param jvmOptions of its JVM
   * @param args its arguments
   */
  public static ProcessBuilder builder(Path folder, List<String> jvmOptions, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator)));
    command.add("-Dprocpool.cache=off");
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile());
  }

  /** Runs it with the file {@code in} as its input; gives its exit code. */
  public static int run(Path folder, ProcessBuilder builder)
      throws IOException, InterruptedException {
    return end(folder, builder.redirectInput(folder.resolve("in").toFile()).start());
  }

  /** Waits for its end; gives its exit code. */
  public static int end(Path folder, Process program) throws IOException, InterruptedException {
    try {
      assertThat(program.waitFor(100, TimeUnit.SECONDS))
          .as(Files.readString(folder.resolve("err")))
          .isTrue();
      return program.exitValue();
    } finally {
      program.destroyForcibly();
    }
  }
}
