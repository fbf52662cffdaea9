package dev.procpool.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that a test started and waited for.
 *
 * @param exitCode how it ended
 * @param out its standard output
 * @param err its standard error
 */
record Started(int exitCode, String out, String err) {

  private static final int LIMIT_SECONDS = 100;

  /** Runs a command in a directory, without input. */
  static Started run(Path directory, String... command) throws IOException, InterruptedException {
    return run(directory, Map.of(), command);
  }

  /** Runs a command with these variables, of which an empty one is taken away. */
  static Started run(Path directory, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    ProcessBuilder builder = new ProcessBuilder(List.of(command)).directory(directory.toFile());
    builder.environment().put("JAVA_TOOL_OPTIONS", "-Dprocpool.cache=off");
    builder.environment().putAll(environment);
    environment.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          }
        });
    Process process =
        builder
            .redirectInput(new java.io.File("/dev/null"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
          .as(
              "%s ends; it printed %s %s",
              List.of(command), Files.readString(out), Files.readString(err))
          .isTrue();
      String said = Files.readString(err).replaceAll("Picked up JAVA_TOOL_OPTIONS.*\n", "");
      return new Started(process.exitValue(), Files.readString(out), said);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Asserts that all went well; gives what was printed. */
  String well() {
    assertThat(exitCode).as(out + err).isZero();
    return out;
  }
}
