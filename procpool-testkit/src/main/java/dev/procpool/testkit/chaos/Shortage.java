package dev.procpool.testkit.chaos;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Runs the {@link ShortageProgram} in a process of its own, with little heap and few descriptors,
 * and judges what it says.
 */
final class Shortage {

  private static final int DESCRIPTORS = 120;
  private static final String HEAP = "-Xmx40m";
  private static final long LIMIT_SECONDS = 300;

  private Shortage() {}

  /** Runs it for so long, and gives the faults. */
  static List<String> run(long seed, int seconds) throws IOException, InterruptedException {
    try (Ground ground = new Ground()) {
      Path output = ground.file("output");
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      Process process =
          new ProcessBuilder(
                  "sh",
                  "-c",
                  "ulimit -n " + DESCRIPTORS + "; exec \"$@\"",
                  "sh",
                  java,
                  HEAP,
                  "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                  "-Dprocpool.cache=off",
                  "-cp",
                  jars(ground),
                  ShortageProgram.class.getName(),
                  Long.toString(seed),
                  Integer.toString(seconds))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(seconds + LIMIT_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      List<String> faults = judge(ended, ended ? process.exitValue() : 0, Files.readString(output));
      ground.leftovers().forEach(left -> faults.add("left behind by a shortage: " + left));
      return faults;
    }
  }

  /** The class path, in which a class takes no descriptor to load. */
  private static String jars(Ground ground) throws IOException {
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      jars.add(Files.isDirectory(path) ? jar(path, ground.file(jars.size() + ".jar")) : entry);
    }
    return String.join(File.pathSeparator, jars);
  }

  private static String jar(Path directory, Path jar) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(directory.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
    return jar.toString();
  }

  /** Gives what is wrong with how the program ended and what it printed. */
  static List<String> judge(boolean ended, int status, String output) {
    List<String> faults = new ArrayList<>();
    if (!ended) {
      faults.add("a program short of memory and descriptors hangs: " + output);
    } else if (status != 0 || !output.contains("Success")) {
      faults.add("a program short of memory and descriptors ended with " + status + ": " + output);
    }
    return faults;
  }
}
