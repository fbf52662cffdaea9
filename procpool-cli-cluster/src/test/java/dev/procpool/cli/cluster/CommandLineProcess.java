package dev.procpool.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.spark.SparkCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts the command line as a user does: by its launcher, from the one jar, without Spark. */
final class CommandLineProcess {

  private static final int SECONDS = 200;

  /** The launcher of the source tree, which takes the jar that this build has made. */
  private static final Path LAUNCHER = Path.of("../bin/procpool").toAbsolutePath().normalize();

  private CommandLineProcess() {}

  /** Runs it with the file {@code in} as its input; it writes to {@code out} and {@code err}. */
  static int run(SparkCluster cluster, Path folder, String home, String... args)
      throws IOException, InterruptedException {
    return end(start(cluster, folder, home, args), folder);
  }

  /** Starts it, to be ended by {@link #end}. */
  static Process start(SparkCluster cluster, Path folder, String home, String... args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(LAUNCHER.toString());
    command.addAll(List.of(args));
    if (List.of(args).contains("--master")) {
      command.addAll(List.of("--conf", "spark.executor.memory=512m"));
      command.addAll(List.of("--conf", "spark.driver.host=127.0.0.1"));
      command.addAll(List.of("--conf", "spark.local.dir=" + folder.resolve("local")));
    }
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(key -> key.startsWith("SPARK_"));
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    environment.put(
        "JAVA_TOOL_OPTIONS",
        "-Xmx600m -Dprocpool.cache=off -Djava.io.tmpdir="
            + cluster.temporary()
            + " -Dprocpool.view.directory="
            + cluster.temporary().resolve("views"));
    if (!home.isEmpty()) {
      environment.put("SPARK_HOME", home);
    }
    return builder
        .redirectInput(folder.resolve("in").toFile())
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  /** Waits for its end, and gives its exit code. */
  static int end(Process program, Path folder) throws IOException, InterruptedException {
    try {
      assertThat(program.waitFor(SECONDS, TimeUnit.SECONDS)).as("%s", said(folder)).isTrue();
      return program.exitValue();
    } finally {
      program.destroyForcibly();
    }
  }

  /** What it wrote to standard error, but for what the JVM says of {@code JAVA_TOOL_OPTIONS}. */
  static String said(Path folder) throws IOException {
    return Files.readString(folder.resolve("err"))
        .replaceAll("Picked up JAVA_TOOL_OPTIONS.*\n", "");
  }
}
