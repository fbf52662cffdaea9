package dev.procpool.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A command that a test started and waited for, with a temporary directory of its own.
 *
 * <p>The output goes to files, not pipes: a worker that outlived its parent could hold a pipe open.
 *
 * @param exitCode how it ended
 * @param out the lines of its standard output, those of its workers included
 * @param err its standard error, that of its workers included
 */
record Started(int exitCode, List<String> out, String err) {

  /** No test's result depends on it. */
  private static final int LIMIT_SECONDS = 110;

  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  /** A tool of the JDK that runs the tests. */
  static String tool(String name) {
    return JAVA_HOME.resolve("bin").resolve(name).toString();
  }

  /** What the build made. */
  static Path built(String suffix) {
    return Path.of(System.getProperty("program.directory"))
        .resolve(System.getProperty("program.name") + suffix);
  }

  /** The jar that a class on our class path comes from. */
  static Path jarOf(Class<?> type) {
    return Path.of(
        URI.create(type.getProtectionDomain().getCodeSource().getLocation().toExternalForm()));
  }

  /** Runs a command in an empty directory, with a script as its standard input. */
  static Started run(Path directory, String script, List<String> command)
      throws IOException, InterruptedException {
    Path in = Files.writeString(directory.resolve("in"), script);
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    // Short: the path of a Unix-domain socket within has at most 107 bytes.
    Path temporary = Files.createTempDirectory("t");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(Files.createDirectory(directory.resolve("empty")).toFile());
    builder
        .environment()
        .put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary + " -Dprocpool.cache=off");
    builder.redirectInput(in.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
    Process process = builder.start();
    boolean ended = false;
    try {
      ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    } finally {
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
    List<String> errors =
        Files.readAllLines(err).stream().filter(line -> !line.startsWith("Picked up ")).toList();
    Started started =
        new Started(
            ended ? process.exitValue() : -1, Files.readAllLines(out), String.join("\n", errors));
    assertThat(ended).as("it ended; it printed %s", started).isTrue();
    assertNothingLeft(temporary);
    return started;
  }

  private static void assertNothingLeft(Path temporary) throws IOException {
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.filter(file -> file.getFileName().toString().startsWith("procpool-")))
          .as("files left by its pools")
          .isEmpty();
    }
    try (Stream<Path> files = Files.walk(temporary)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Asserts that it was {@link Program} and that everything in it worked. */
  void printedAllOfProgram() {
    assertThat(err).as("standard error").isEmpty();
    assertThat(out)
        .containsExactly(
            "lambda [11, 12]",
            "library [[Cell[text=a, length=1], Cell[text=bc, length=2]],"
                + " [Cell[text=def, length=3]]]",
            "resource [6mm, 20mm]",
            "other thread [Cell[text=xyz, length=3]]",
            "long call 1",
            "failure OddException",
            "backend [2, 3]");
    assertThat(exitCode).as("exit code").isZero();
  }
}
