package dev.procpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The guide's table of line counts is what counting its programs gives. */
class GuideLineCountsTest {

  private static final String PROGRAM = ".java#program";

  @Test
  void theTableHasTheCountsOfEachProgramAndItsPythonOriginal() throws IOException {
    GuidePage page =
        new GuidePage(GuidePage.projectRoot().resolve("docs/guide/01-first-programs.md"));
    List<String> lines = Files.readAllLines(page.file());
    MarkedBlock python = null;
    int programs = 0;
    for (MarkedBlock block : page.blocks()) {
      if (block.language().equals("python")) {
        python = block;
      } else if (python != null && block.reference("region").orElse("").endsWith(PROGRAM)) {
        programs++;
        assertThat(lines).contains(row(block, python));
        python = null;
      }
    }
    assertThat(programs).isEqualTo(9);
  }

  private static String row(MarkedBlock java, MarkedBlock python) {
    String name = java.reference("region").orElseThrow().replace(PROGRAM, "");
    return "| `%s` | %d | %d | %d | %d |"
        .formatted(name, lines(python), lines(java), statements(python), statements(java));
  }

  private static long lines(MarkedBlock block) {
    return block.text().lines().filter(line -> !line.isBlank()).count();
  }

  /** Counts the lines that are neither imports nor only close a brace. */
  private static long statements(MarkedBlock block) {
    return block
        .text()
        .lines()
        .filter(line -> !line.isBlank() && !line.matches("(import|from) .*|\\s*}"))
        .count();
  }
}
