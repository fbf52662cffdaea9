package dev.procpool.stress;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/** One run of jcstress in a JVM of its own, and what came of it. */
final class StressRun {

  private StressRun() {}

  /**
   * Runs tests.
   *
   * @param directory where jcstress works; what it says is there in {@code stdout}
   * @param tests which: a regular expression, found within their names
   * @param options further options of jcstress
   * @return the results, by the test's name; one each for every way of compiling it
   */
  static Map<String, List<TestResult>> of(Path directory, String tests, List<String> options)
      throws IOException, InterruptedException, ClassNotFoundException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("org.openjdk.jcstress.Main");
    command.addAll(List.of("-t", tests, "-f", "1", "-r", directory.resolve("report").toString()));
    command.addAll(options);
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("stdout").toFile())
            .start();
    try {
      process.waitFor();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return read(directory);
  }

  private static Map<String, List<TestResult>> read(Path directory)
      throws IOException, ClassNotFoundException {
    Map<String, List<TestResult>> results = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.bin.gz")) {
      for (Path file : files) {
        DiskReadCollector reader =
            new DiskReadCollector(
                file.toString(),
                result ->
                    results.computeIfAbsent(result.getName(), n -> new ArrayList<>()).add(result));
        reader.dump();
        reader.close();
      }
    }
    return results;
  }
}
