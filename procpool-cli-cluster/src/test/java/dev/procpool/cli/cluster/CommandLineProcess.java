package dev.procpool.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.spark.SparkCluster;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** Starts the command line with a class path that has no jar of Spark's. */
final class CommandLineProcess {

  private static final int SECONDS = 150;

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
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        Arrays.stream(JavaModuleOptions.defaultModuleOptionArray())
            .filter(option -> !option.startsWith("--add-modules"))
            .filter(CommandLineProcess::isKnown)
            .toList());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx600m"));
    command.addAll(List.of("-Dprocpool.cache=off", "-Djava.io.tmpdir=" + cluster.temporary()));
    command.add("-Dprocpool.view.directory=" + cluster.temporary().resolve("views"));
    command.addAll(List.of("-cp", withoutSpark(), "dev.procpool.cli.Main"));
    command.addAll(List.of(args));
    if (List.of(args).contains("--master")) {
      command.addAll(List.of("--conf", "spark.executor.memory=512m"));
      command.addAll(List.of("--conf", "spark.driver.host=127.0.0.1"));
      command.addAll(List.of("--conf", "spark.local.dir=" + folder.resolve("local")));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(key -> key.startsWith("SPARK_"));
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    if (!home.isEmpty()) {
      builder.environment().put("SPARK_HOME", home);
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
      assertThat(program.waitFor(SECONDS, TimeUnit.SECONDS))
          .as("%s", Files.readString(folder.resolve("err")))
          .isTrue();
      return program.exitValue();
    } finally {
      program.destroyForcibly();
    }
  }

  /** A package that went with JDK 24, which warns of it; the jar's manifest may name it. */
  private static boolean isKnown(String option) {
    return Runtime.version().feature() < 24 || !option.contains("sun.security.action");
  }

  /** This JVM's class path but for the command line's own needs and procpool. */
  private static String withoutSpark() {
    Set<String> wanted =
        Set.of(
            "picocli",
            "jackson",
            "progressbar",
            "commons-compress",
            "commons-io",
            "commons-lang3",
            "commons-codec",
            "xz",
            "zstd",
            "fastcsv",
            "jline");
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .filter(
            entry -> {
              String name = entry.getFileName().toString();
              return !name.endsWith("tests.jar")
                  && !entry.endsWith("test-classes")
                  && (entry.toString().contains("procpool")
                      || wanted.stream().anyMatch(name::startsWith));
            })
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }
}
