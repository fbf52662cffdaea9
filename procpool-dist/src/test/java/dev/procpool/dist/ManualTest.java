package dev.procpool.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manual: mandoc finds nothing wrong with it, and it says what the help says. */
class ManualTest {

  private static final Pattern OPTION =
      Pattern.compile("^ +(-\\w, +)?(--[a-z-]+)", Pattern.MULTILINE);

  @TempDir Path directory;

  private static List<Path> pages() throws Exception {
    try (Stream<Path> pages = Files.list(Dist.manual())) {
      return pages.sorted().toList();
    }
  }

  @Test
  void mandocHasNoWarning() throws Exception {
    for (Path page : pages()) {
      Started lint =
          Started.run(
              directory, Tool.need("mandoc"), "-T", "lint", "-W", "warning", page.toString());
      assertThat(lint.out() + lint.err()).isEmpty();
    }
  }

  @Test
  void eachOptionOfTheHelpIsThere() throws Exception {
    String page =
        Started.run(
                directory,
                Tool.need("mandoc"),
                "-T",
                "ascii",
                Dist.manual().resolve("procpool-map.1").toString())
            .well()
            .replaceAll(".\b", "") // bold, for a printer of lines
            .replaceAll("\\s+", " ");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String help = Started.run(directory, java, "-jar", Dist.jar().toString(), "help", "map").well();

    List<String> options =
        OPTION.matcher(help).results().map((MatchResult match) -> match.group(2)).toList();
    assertThat(options).contains("--timeout", "--out", "--batch").hasSizeGreaterThan(30);
    assertThat(page)
        .contains(options)
        .contains("procpool-starmap(1)")
        .contains("The longest time for one item, as 500ms, 2s, 5m or PT2S; or 5x")
        .contains("failed=5% of at least twenty")
        .contains("procpool map Readability.java::score --files 'docs/**/*.md' --table");
  }
}
