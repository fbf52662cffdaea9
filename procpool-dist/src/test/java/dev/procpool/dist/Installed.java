package dev.procpool.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * An installation of the command line.
 *
 * @param root below which it is laid out, as {@code /usr/local}
 */
record Installed(Path root) {

  private static final String SOURCE =
      """
      class Greeting {
        static String greet(String name) {
          if (name.isEmpty()) {
            System.exit(7);
          }
          return "hello " + name;
        }
      }
      """;

  /** Gives its files with their permissions, but for those of another installation's folders. */
  List<String> files() throws Exception {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file) + " " + mode(file))
          .sorted()
          .toList();
    }
  }

  private static String mode(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file)).substring(0, 3);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Runs a source file on worker processes, of which one is lost; by a link, as on the path. */
  void runsAJob(Path directory) throws Exception {
    Files.writeString(directory.resolve("Greeting.java"), SOURCE);
    Files.writeString(directory.resolve("names.txt"), "Ada\n\nGrace\n");
    Path link = directory.resolve("link");
    Files.createSymbolicLink(link, root.resolve("bin/procpool"));

    Started run =
        Started.run(
            directory, link.toString(), "map", "Greeting.java::greet", "names.txt", "-w", "1");

    assertThat(run.err()).contains("3 items: 2 ok, 1 worker-lost");
    assertThat(run.out())
        .contains("\"value\":\"hello Ada\"", "exited with code 7", "\"value\":\"hello Grace\"");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(Started.run(directory, link.toString(), "--version").well())
        .startsWith("procpool " + Dist.VERSION);
  }
}
