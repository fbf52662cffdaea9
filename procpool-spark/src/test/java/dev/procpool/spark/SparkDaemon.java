package dev.procpool.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.launcher.JavaModuleOptions;

/** A Master or a Worker: a process of its own whose events are read from what it prints. */
final class SparkDaemon {

  /** How long starts and ends may take: a minute is too short where 20 programs want to run. */
  static final Duration BOUND = Duration.ofMinutes(2);

  private static final int TAIL = 4_000;

  private final String name;
  private final Path log;
  private final Process process;

  private SparkDaemon(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts a daemon.
   *
   * @param folder where it has its files
   * @param name what its files are called
   * @param machine starts a command on its machine
   * @param mainClass its main class
   * @param arguments those of the main class
   */
  static SparkDaemon start(
      Path folder,
      SparkHome home,
      String name,
      List<String> machine,
      String mainClass,
      String... arguments)
      throws IOException {
    Path log = folder.resolve(name + ".log");
    List<String> command = new ArrayList<>(machine);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(moduleOptions());
    // Little work, and often a machine with few processors.
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")));
    command.addAll(List.of("-cp", home.classPath(), Lifeline.class.getName(), mainClass));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    // What a Spark that the machine has is told is not meant for this one.
    builder.environment().keySet().removeIf(key -> key.startsWith("SPARK_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("SPARK_HOME", home.path().toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", SparkCluster.HOST);
    builder.environment().put("SPARK_LOCAL_DIRS", folder.resolve(name + "-local").toString());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return new SparkDaemon(name, log, builder.start());
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Waits until the daemon has printed a line in which a pattern is found. */
  MatchResult await(Pattern line) throws InterruptedException, IOException {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (true) {
      boolean ended = !process.isAlive();
      String printed = Files.readString(log, StandardCharsets.ISO_8859_1);
      Matcher matcher = line.matcher(printed.substring(0, printed.lastIndexOf('\n') + 1));
      if (matcher.find()) {
        return matcher.toMatchResult();
      }
      if (ended || System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            name
                + (ended ? " ended with status " + process.exitValue() : " is too slow")
                + ", waiting for \""
                + line
                + "\"; it printed:\n"
                + printed.substring(Math.max(0, printed.length() - TAIL)));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Kills the daemon and waits for its end. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError(name + " does not end: " + process);
    }
  }

  /** What Spark's own scripts give every JVM, but for a module that makes them slow to start. */
  static List<String> moduleOptions() {
    return Arrays.stream(JavaModuleOptions.defaultModuleOptions().trim().split(" +"))
        .filter(option -> !option.startsWith("--add-modules"))
        .toList();
  }
}
