package dev.procpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each page says at once for whom it is, so that others need not read on. */
class GuideReadersTest {

  static Stream<Path> pages() throws IOException {
    Path docs = GuidePage.projectRoot().resolve("docs");
    return Stream.of(docs, docs.resolve("guide")).flatMap(GuideReadersTest::pagesIn);
  }

  private static Stream<Path> pagesIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void aPageSaysForWhomItIsOnItsThirdLine(Path page) throws IOException {
    List<String> lines = Files.readAllLines(page);
    assertThat(lines.get(0)).startsWith("# ");
    assertThat(lines.get(1)).isEmpty();
    assertThat(lines.get(2)).startsWith("For those who ");
    assertThat(lines.get(3)).as("it is a paragraph of its own").isEmpty();
  }
}
