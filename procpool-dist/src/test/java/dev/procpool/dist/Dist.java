package dev.procpool.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the build made. */
final class Dist {

  /** The version, as Maven has it. */
  static final String VERSION = System.getProperty("dist.version");

  private static final Path TARGET = Path.of(System.getProperty("dist.directory"));

  private Dist() {}

  /** The one jar. */
  static Path jar() {
    return TARGET.resolve("../../procpool-cli/target/procpool.jar").normalize();
  }

  static Path archive(String type) {
    return TARGET.resolve("procpool-" + VERSION + "." + type);
  }

  static Path debianPackage() {
    try (Stream<Path> files = Files.list(TARGET)) {
      return files.filter(file -> file.toString().endsWith("_all.deb")).findAny().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The script by which a shell completes. */
  static Path completion(String name) {
    return TARGET.resolve("generated/completion").resolve(name);
  }

  /** The folder of manual pages. */
  static Path manual() {
    return TARGET.resolve("generated/man");
  }
}
