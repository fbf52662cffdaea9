package dev.procpool.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
    this(directory, List.of(), main, arguments);
  }

  /** Starts a program with another class path than the test's own. */
  ChildJvm(Path directory, String classPath, Class<?> main, String... arguments)
      throws IOException {
    this(directory, List.of("-cp", classPath), main, arguments);
  }

  /** Starts a program with options of the JVM, the class path perhaps among them. */
  ChildJvm(Path directory, List<String> options, Class<?> main, String... arguments)
      throws IOException {
    this(directory, List.of(), options, main, arguments);
  }

  /**
   * Starts a program.
   *
   * @param before the command that runs the JVM, if any
   * @param options of the JVM; a class path takes the place of the test's own
   */
  ChildJvm(
      Path directory, List<String> before, List<String> options, Class<?> main, String... arguments)
      throws IOException {
    this(directory, before, options, main.getName(), arguments);
  }

  /** Starts a program by its name: the test's own class path need not have it. */
  ChildJvm(
      Path directory, List<String> before, List<String> options, String main, String... arguments)
      throws IOException {
    this.directory = directory;
    // Short: the path of a Unix-domain socket within has at most 107 bytes.
    this.temporary = Files.createDirectory(directory.resolve("t"));
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("-Dprocpool.cache=off");
    command.addAll(options); // the last class path counts
    command.addAll(
        List.of(
            "-Djava.io.tmpdir=" + temporary,
            // as NoLeftovers has set it
            "-Dprocpool.sharedMemory=" + System.getProperty("procpool.sharedMemory", "/dev/shm"),
            main));
    command.addAll(List.of(arguments));
    process =
        new ProcessBuilder(command)
            .redirectOutput(directory.resolve("stdout").toFile())
            .redirectError(directory.resolve("stderr").toFile())
            .start();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** The processes of its pools and of pools nested in them that are still there. */
  List<Long> workers() {
    return ProcessHandle.allProcesses()
        .filter(other -> other.pid() != pid() && other.isAlive())
        .filter(
            other ->
                Arrays.stream(other.info().arguments().orElse(new String[0]))
                    .anyMatch(argument -> argument.startsWith("@" + temporary)))
        .map(ProcessHandle::pid)
        .toList();
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

  /** Waits for its end: a program that starts several JVMs, one after another, takes long. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(2 * ContractTest.BOUND.toSeconds(), TimeUnit.SECONDS)) {
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
