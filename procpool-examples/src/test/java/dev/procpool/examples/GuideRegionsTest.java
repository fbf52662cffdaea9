package dev.procpool.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every Java block of the guide and the README is a region of a compiled file.
 *
 * <p>A mark names the file and the region: {@code <!-- region: StarmapAsync.java#program -->}, a
 * file of this package, or with slashes a path from the project's root.
 */
class GuideRegionsTest {

  private static final String PACKAGE = "procpool-examples/src/main/java/dev/procpool/examples/";

  @Test
  void everyJavaBlockIsARegionOfACompiledFile() throws IOException {
    List<GuidePage> pages = GuidePage.all();
    assertThat(pages).isNotEmpty();
    List<String> complaints = new ArrayList<>();
    for (GuidePage page : pages) {
      if (GuidePage.UPDATE) {
        page.rewrite(
            block ->
                block
                    .reference("region")
                    .map(reference -> region(reference).lines().toList())
                    .orElse(block.lines()));
      }
      complaints.addAll(complaints(page));
    }
    assertThat(complaints).isEmpty();
  }

  @Test
  void aBlockWithoutMarkIsNamed(@TempDir Path folder) throws IOException {
    GuidePage page = page(folder, "Text", "```java", "int i = 0;", "```");
    assertThat(complaints(page)).singleElement().asString().contains("page.md:2", "region:");
  }

  @Test
  void aBlockThatDiffersIsNamedWithItsFileAndRegion(@TempDir Path folder) throws IOException {
    GuidePage page =
        page(folder, "<!-- region: StarmapAsync.java#program -->", "```java", "int i = 0;", "```");
    assertThat(complaints(page))
        .singleElement()
        .asString()
        .contains("page.md:2", "StarmapAsync.java#program", "-Dguide.update=true");
  }

  @Test
  void aRewrittenBlockIsItsRegionAndTheRestOfThePageStays(@TempDir Path folder) throws IOException {
    GuidePage page =
        page(folder, "Before", "<!-- region: A.java#a -->", "```java", "old", "```", "After");
    page.rewrite(block -> List.of("new", "lines"));
    assertThat(page.file())
        .content()
        .isEqualTo("Before\n<!-- region: A.java#a -->\n```java\nnew\nlines\n```\nAfter\n");
  }

  @Test
  void aRegionIsCutWithoutItsIndentationAndTheMarksInIt() {
    List<String> source =
        List.of(
            "class A {",
            "  // region outer",
            "  int i;",
            "  // region inner",
            "  int j;",
            "  // endregion",
            "  // endregion",
            "}");
    assertThat(SourceRegion.cut(source, "outer")).isEqualTo("int i;\nint j;");
    assertThat(SourceRegion.cut(source, "inner")).isEqualTo("int j;");
    assertThatThrownBy(() -> SourceRegion.cut(source, "other")).hasMessageContaining("other");
  }

  private static List<String> complaints(GuidePage page) throws IOException {
    List<String> complaints = new ArrayList<>();
    for (MarkedBlock block : page.blocks()) {
      Optional<String> reference = block.reference("region");
      String place = page + ":" + block.line();
      if (reference.isPresent() && !block.text().equals(region(reference.get()))) {
        complaints.add(
            "%s differs from region %s; %s"
                .formatted(place, reference.get(), GuidePage.HOW_TO_UPDATE));
      }
      if (reference.isEmpty() && block.language().equals("java")) {
        complaints.add(
            place
                + " is a Java block without a mark; write <!-- region: File.java#name --> in the"
                + " line above it");
      }
    }
    return complaints;
  }

  private static String region(String reference) {
    int hash = reference.indexOf('#');
    if (hash < 0) {
      throw new AssertionError("the mark \"" + reference + "\" must name File.java#region");
    }
    String name = reference.substring(0, hash);
    Path file = GuidePage.projectRoot().resolve(name.contains("/") ? name : PACKAGE + name);
    try {
      return SourceRegion.cut(Files.readAllLines(file), reference.substring(hash + 1));
    } catch (IOException | AssertionError e) {
      throw new AssertionError("region " + reference + " can't be read: " + e.getMessage(), e);
    }
  }

  private static GuidePage page(Path folder, String... lines) throws IOException {
    return new GuidePage(Files.write(folder.resolve("page.md"), List.of(lines)));
  }
}
