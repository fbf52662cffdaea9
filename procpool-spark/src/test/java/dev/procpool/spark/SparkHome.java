package dev.procpool.spark;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder that looks like an unpacked distribution of Spark: links to the jars that this JVM's
 * class path has of Spark's tree, and nothing else. Immutable.
 */
final class SparkHome {

  /** Jars of the class path that only tests have, by how their names begin. Folders are, too. */
  private static final List<String> NOT_OF_SPARK =
      List.of(
          "apiguardian-",
          "assertj-",
          "byte-buddy-",
          "jspecify-",
          "junit-",
          "opentest4j-",
          "procpool",
          "spark-connect-shims", // empty classes by the names of Spark's; no distribution has it
          "surefire");

  private final Path home;
  private final Path lifeline;

  private SparkHome(Path home, Path lifeline) {
    this.home = home;
    this.lifeline = lifeline;
  }

  /** Makes one in a folder, with these properties as the daemons' defaults. */
  static SparkHome make(Path folder, Map<String, String> defaults) throws IOException {
    Path home = folder.resolve("home");
    Path jars = Files.createDirectories(home.resolve("jars"));
    Set<String> names = new HashSet<>();
    for (Path jar : jarsOfSpark()) {
      String name = jar.getFileName().toString();
      if (names.add(name)) {
        Files.createSymbolicLink(jars.resolve(name), jar);
      }
    }
    if (names.stream().noneMatch(name -> name.startsWith("spark-core_"))) {
      throw new IllegalStateException(
          "no jar of spark-core in the class path: " + System.getProperty("java.class.path"));
    }
    // Executors look for it: without, the home is taken for a build of Spark's sources.
    Files.createFile(home.resolve("RELEASE"));
    Path conf = Files.createDirectories(home.resolve("conf"));
    Files.write(
        conf.resolve("spark-defaults.conf"),
        defaults.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .toList());
    return new SparkHome(home, lifeline(folder.resolve("lifeline")));
  }

  Path path() {
    return home;
  }

  /** The class path of Master and Workers. Executors are given theirs by the Worker. */
  String classPath() {
    return String.join(
        File.pathSeparator,
        home.resolve("conf").toString(),
        home.resolve("jars") + "/*",
        lifeline.toString());
  }

  /** Removes the links: JUnit warns of each that it finds where it tidies up. */
  void removeLinks() throws IOException {
    try (Stream<Path> links = Files.list(home.resolve("jars"))) {
      for (Path link : links.toList()) {
        Files.delete(link);
      }
    }
  }

  private static List<Path> jarsOfSpark() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .filter(Files::isRegularFile)
        .filter(jar -> NOT_OF_SPARK.stream().noneMatch(jar.getFileName().toString()::startsWith))
        .toList();
  }

  /** Copies the one class that daemons need beside Spark's. */
  private static Path lifeline(Path folder) throws IOException {
    String name = Lifeline.class.getName().replace('.', '/') + ".class";
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (InputStream in = Lifeline.class.getResourceAsStream("/" + name)) {
      Files.copy(in, file);
    }
    return folder;
  }
}
