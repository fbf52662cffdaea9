package dev.procpool.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A JVM that the test starts and may kill: a user's program, with a temporary directory of its own.
 */
final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final Path directory;
  private final Path temporary;

  /** Starts a program; its output goes to files in the directory. */
  ChildJvm(Path directory, Class<?> main, String... arguments) throws IOException {
    this.directory = directory;
    // Short: the path of a Unix-domain socket within has at most 107 bytes.
    this.temporary = Files.createDirectory(directory.resolve("t"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    process =
        new ProcessBuilder(command)
            .redirectOutput(directory.resolve("stdout").toFile())
            .redirectError(directory.resolve("stderr").toFile())
            .start();
  }

  /** Kills it with SIGKILL and waits for its end. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    exitCode();
  }

  /** Asks it to end, with SIGTERM. */
  void ask() {
    process.destroy();
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(ContractTest.BOUND.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the child JVM did not end: " + errors());
    }
    return process.exitValue();
  }

  List<String> output() throws IOException {
    return Files.readAllLines(directory.resolve("stdout"));
  }

  String errors() {
    try {
      return Files.readString(directory.resolve("stderr"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** What its pools have in its temporary directory. */
  List<String> files() {
    try (Stream<Path> entries = Files.list(temporary)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.startsWith("procpool-"))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Kills it if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
