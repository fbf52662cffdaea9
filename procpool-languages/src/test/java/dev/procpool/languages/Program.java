package dev.procpool.languages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program in another language: compiled by that language's compiler and run with its library,
 * each in a JVM of its own, as users do it.
 *
 * <p>It prints {@code == name} for each call, and then the result or the message.
 *
 * @param directory where the classes go, and what the program prints
 */
record Program(Path directory) {

  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Duration GONE_WITHIN = Duration.ofSeconds(10);

  static final Path SOURCES = Path.of("src", "test", "programs");

  /** The jars of this test's class path that a pattern finds in their names. */
  static String jars(String pattern) {
    String all = System.getProperty("java.class.path");
    return Arrays.stream(all.split(File.pathSeparator))
        .filter(jar -> Path.of(jar).getFileName().toString().matches(pattern))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** A class path with the pool, what was compiled, and some jars. */
  String classPath(String jars) throws Exception {
    Path core = Path.of(Pool.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return String.join(File.pathSeparator, core.toString(), directory.toString(), jars);
  }

  /** Compiles; a compiler says by its exit code whether it did. */
  void compile(String jars, String main, List<String> arguments) throws Exception {
    // as compilers live for a moment, the second stage of the JVM's is not worth its time
    List<String> options =
        List.of("-XX:TieredStopAtLevel=1", "-Dclojure.compile.path=" + directory, "-cp", jars);
    java(options, main, arguments);
  }

  /** Runs it, and asserts that it prints what a file beside its source says, call by call. */
  void prints(String expected, String classPath, String main, String... arguments)
      throws Exception {
    assertPrinted(expected, java(List.of("-cp", classPath), main, List.of(arguments)));
  }

  /** Types a session at a prompt, and asserts that each call prints what a file says. */
  void answers(String expected, String session, String classPath, String main, String... arguments)
      throws Exception {
    Path input = SOURCES.resolve(session);
    String printed = java(List.of("-cp", classPath), main, List.of(arguments), input);
    // the rest is the prompts', and the names and types of what was typed
    Matcher call = Pattern.compile("(?m)^== .*\n.*\n").matcher(printed);
    assertPrinted(expected, call.results().map(MatchResult::group).collect(Collectors.joining()));
  }

  private static void assertPrinted(String expected, String printed) throws IOException {
    if (Boolean.getBoolean("programs.update")) {
      Files.writeString(SOURCES.resolve(expected), masked(printed));
    }
    assertThat(byCall(printed))
        .containsExactlyEntriesOf(byCall(Files.readString(SOURCES.resolve(expected))));
  }

  /** What was printed, by the names of the calls. */
  private static Map<String, String> byCall(String printed) {
    Map<String, String> shown = new LinkedHashMap<>();
    String[] parts = masked(printed).split("(?m)^== ", -1);
    assertThat(parts[0]).as("printed before the first call").isBlank();
    for (String part : Arrays.asList(parts).subList(1, parts.length)) {
      String[] lines = part.strip().split("\n", 2);
      assertThat(shown.put(lines[0], lines[1])).as(lines[0] + " printed twice").isNull();
    }
    return shown;
  }

  private static String masked(String printed) {
    return printed.replaceAll("(__|roxy)\\d+", "$1#");
  }

  private String java(List<String> options, String main, List<String> arguments)
      throws IOException, InterruptedException {
    return java(options, main, arguments, null);
  }

  private String java(List<String> options, String main, List<String> arguments, Path input)
      throws IOException, InterruptedException {
    Path temporary = Files.createDirectories(directory.resolveSibling("t")); // a socket's is short
    Path out = Files.createTempFile(temporary.getParent(), "out", "");
    Path errors = Files.createTempFile(temporary.getParent(), "err", ""); // compilers warn there
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-Dprocpool.cache=off"));
    command.addAll(options);
    command.add(main);
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(input == null ? Redirect.PIPE : Redirect.from(input.toFile()))
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile())
            .start();
    boolean ended = false;
    try {
      ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } finally {
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
    String printed = Files.readString(out);
    String all = "; it printed\n" + printed + Files.readString(errors);
    assertThat(ended).as("it has ended" + all).isTrue();
    assertThat(process.exitValue()).as("exit code" + all).isZero();
    assertNoWorkerLeft(temporary);
    return printed;
  }

  /** The workers may end a little after their program. */
  private static void assertNoWorkerLeft(Path temporary) throws InterruptedException {
    long start = System.nanoTime();
    while (!workers(temporary).isEmpty() && System.nanoTime() - start < GONE_WITHIN.toNanos()) {
      Thread.sleep(20);
    }
    assertThat(workers(temporary)).as("left behind by the program").isEmpty();
  }

  private static List<String> workers(Path temporary) {
    Stream<String> commands =
        ProcessHandle.allProcesses().flatMap(all -> all.info().commandLine().stream());
    return commands.filter(command -> command.contains(temporary.toString())).toList();
  }
}
