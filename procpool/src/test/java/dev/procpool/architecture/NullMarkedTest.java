package dev.procpool.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** NullAway, and Kotlin, read a package's nulls only where it is {@code @NullMarked}. */
class NullMarkedTest {

  private static final Path ROOT = Path.of("..");
  private static final Path SOURCES = Path.of("src", "main", "java");

  /** Programs as users write them, who see no annotation in the guide. */
  private static final Set<String> USERS_PROGRAMS =
      Set.of("procpool-examples", "procpool-packaging");

  private static final Pattern MARKED =
      Pattern.compile("^@(org\\.jspecify\\.annotations\\.)?NullMarked$", Pattern.MULTILINE);

  @Test
  void everyPackageOfTheMainSourcesIsNullMarked() throws IOException {
    List<Path> modules = modules();
    assertThat(modules)
        .extracting(module -> module.getFileName().toString())
        .contains("procpool", "procpool-testkit", "bench");
    Set<String> unmarked = new TreeSet<>();
    for (Path module : modules) {
      for (Path folder : packages(module.resolve(SOURCES))) {
        Path info = folder.resolve("package-info.java");
        if (!Files.exists(info) || !MARKED.matcher(Files.readString(info)).find()) {
          unmarked.add(ROOT.relativize(folder).toString());
        }
      }
    }
    assertThat(unmarked).as("packages without @NullMarked in package-info.java").isEmpty();
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("pom.xml")))
          .filter(folder -> !USERS_PROGRAMS.contains(folder.getFileName().toString()))
          .filter(folder -> Files.isDirectory(folder.resolve(SOURCES)))
          .toList();
    }
  }

  /** Folders with classes, but for that of the module's declaration. */
  private static Set<Path> packages(Path sources) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(sources)) {
      all.filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("module-info.java"))
          .forEach(files::add);
    }
    Set<Path> folders = new TreeSet<>();
    files.forEach(file -> folders.add(file.getParent()));
    return folders;
  }
}
