package dev.procpool.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A page of documentation whose marked blocks are checked, or with {@code -Dguide.update=true}
 * rewritten.
 *
 * @param file the Markdown file
 */
record GuidePage(Path file) {

  /** Whether blocks are rewritten rather than checked. */
  static final boolean UPDATE = Boolean.getBoolean("guide.update");

  static final String HOW_TO_UPDATE =
      "rewrite it with: mvn -pl procpool-examples -am verify -Dguide.update=true";

  /** The folder of the whole project: the nearest one above that has a guide. */
  static Path projectRoot() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("docs/guide"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new AssertionError(
            "no folder above " + Path.of("").toAbsolutePath() + " has docs/guide");
      }
    }
    return folder;
  }

  /** The pages of the guide and the README, if there is one. */
  static List<GuidePage> all() throws IOException {
    Path root = projectRoot();
    try (Stream<Path> guide = Files.list(root.resolve("docs/guide"))) {
      return Stream.concat(guide, Stream.of(root.resolve("README.md")).filter(Files::exists))
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .map(GuidePage::new)
          .toList();
    }
  }

  List<MarkedBlock> blocks() throws IOException {
    synchronized (GuidePage.class) {
      return MarkedBlock.in(Files.readAllLines(file));
    }
  }

  /** Gives each block the lines that the function has for it; one writer at a time. */
  void rewrite(Function<MarkedBlock, List<String>> linesOf) throws IOException {
    synchronized (GuidePage.class) {
      List<String> page = Files.readAllLines(file);
      List<String> rewritten = new ArrayList<>();
      int copied = 0;
      for (MarkedBlock block : MarkedBlock.in(page)) {
        rewritten.addAll(page.subList(copied, block.line()));
        rewritten.addAll(linesOf.apply(block));
        copied = block.line() + block.lines().size();
      }
      rewritten.addAll(page.subList(copied, page.size()));
      if (!rewritten.equals(page)) {
        Files.writeString(file, String.join("\n", rewritten) + "\n");
      }
    }
  }

  @Override
  public String toString() {
    return file.getFileName().toString();
  }
}
