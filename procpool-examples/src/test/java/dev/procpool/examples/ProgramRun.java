package dev.procpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What one program printed, run in a JVM of its own as a reader of the guide runs it.
 *
 * <p>The output goes to files, not pipes: a worker that outlived its parent could hold a pipe open
 * and so keep a reader waiting.
 *
 * @param program the program
 * @param exitCode how the program ended
 * @param out the lines of its standard output, those of its workers included
 * @param err its standard error, that of its workers included
 */
record ProgramRun(Class<?> program, int exitCode, List<String> out, String err) {

  private static final int LIMIT_SECONDS = 60;
  private static final Duration GONE_WITHIN = Duration.ofSeconds(10);
  private static final Pattern RESULT =
      Pattern.compile("Got result: Result\\[identifier=(\\d+), value=(.*)]");

  static ProgramRun of(Class<?> program, Path directory) throws IOException, InterruptedException {
    Path out = directory.resolve(program.getSimpleName() + ".out");
    Path err = directory.resolve(program.getSimpleName() + ".err");
    // Named in the command of each of its workers. Short, as a socket's path has to be.
    Path temporary = Files.createDirectories(directory.resolve("t"));
    Process process =
        new ProcessBuilder(command(program, temporary))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    boolean ended = false;
    try {
      ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    } finally {
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
    if (!ended) {
      throw new AssertionError(
          "%s still ran after %d seconds; it printed%n%s%n%s"
              .formatted(
                  program.getSimpleName(),
                  LIMIT_SECONDS,
                  Files.readString(out),
                  Files.readString(err)));
    }
    assertNothingLeft(temporary);
    return new ProgramRun(
        program, process.exitValue(), Files.readAllLines(out), Files.readString(err));
  }

  /** Gives what starts a program in a JVM of its own, which has all its files in a folder. */
  static List<String> command(Class<?> program, Path temporary, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(List.of("-Dprocpool.cache=off", "-Dprocpool.view.directory=off"));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Asserts that the program's workers and files are gone: they may end a little after it. */
  static void assertNothingLeft(Path temporary) throws IOException, InterruptedException {
    long start = System.nanoTime();
    List<String> left = left(temporary);
    while (!left.isEmpty() && System.nanoTime() - start < GONE_WITHIN.toNanos()) {
      Thread.sleep(20);
      left = left(temporary);
    }
    assertThat(left).as("left behind by the program").isEmpty();
  }

  private static List<String> left(Path temporary) throws IOException {
    Stream<String> processes =
        ProcessHandle.allProcesses()
            .map(ProcessHandle::info)
            .flatMap(info -> info.commandLine().stream())
            .filter(command -> command.contains(temporary.toString()));
    try (Stream<Path> files = Files.list(temporary)) {
      return Stream.concat(processes, files.map(Path::toString)).toList();
    }
  }

  /**
   * Asserts that the program succeeded and printed one whole line for each task, and in this order
   * these other lines and no more, random numbers written {@code #}; and that the guide says so.
   */
  void printed(IntStream tasks, List<String> others) throws IOException {
    assertThat(err).as("standard error").isEmpty();
    assertThat(exitCode).as("exit code").isZero();
    assertThat(maskedLines().filter(ProgramRun::isFromTask))
        .containsExactlyInAnyOrderElementsOf(
            tasks.mapToObj(i -> "Task " + i + " executing with #").toList());
    assertThat(others()).isEqualTo(others);
    assertThat(out).containsAll(linesOfTasksWithResults());
    GuideOutput.checkOrUpdate(this);
  }

  /** Gives the lines that are not from a task, random numbers written {@code #}. */
  List<String> others() {
    return maskedLines().filter(line -> !isFromTask(line)).toList();
  }

  /** Gives what the tasks must have printed to the last digit, since their results say so. */
  private List<String> linesOfTasksWithResults() {
    return out.stream()
        .map(RESULT::matcher)
        .filter(Matcher::matches)
        .map(result -> "Task " + result.group(1) + " executing with " + result.group(2))
        .toList();
  }

  private Stream<String> maskedLines() {
    return out.stream().map(GuideOutput::masked);
  }

  private static boolean isFromTask(String line) {
    return line.contains(" executing with ");
  }
}
