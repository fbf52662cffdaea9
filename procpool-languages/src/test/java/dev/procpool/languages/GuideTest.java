package dev.procpool.languages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the guide shows of other languages is in the programs, and they print its messages. */
class GuideTest {

  private static final Path GUIDE = Path.of("..", "docs", "guide");

  private static final Pattern BLOCK =
      Pattern.compile("<!-- program: (\\S+) -->\n```\\w+\n(.*?)```", Pattern.DOTALL);

  @Test
  void programs() throws IOException {
    String page = Files.readString(GUIDE.resolve("06-classes-and-lambdas.md"));
    Matcher block = BLOCK.matcher(page);
    int blocks = 0;
    for (; block.find(); blocks++) {
      assertThat(Files.readString(Program.SOURCES.resolve(block.group(1))))
          .contains(block.group(2));
    }
    assertThat(blocks).isEqualTo(page.split("<!-- program: ", -1).length - 1).isPositive();
  }

  @Test
  void messages() throws IOException {
    String page = Files.readString(GUIDE.resolve("troubleshooting.md"));
    int start = page.indexOf("### In other languages");
    String section = page.substring(start, page.indexOf("\n## ", start));

    List<String> messages =
        section
            .lines()
            .filter(line -> line.startsWith("    "))
            .map(line -> line.replaceFirst("^ +TaskSerializationException: ", ""))
            .toList();
    assertThat(messages).isNotEmpty().isSubsetOf(printed());
  }

  private static List<String> printed() throws IOException {
    try (Stream<Path> files = Files.walk(Program.SOURCES)) {
      StringBuilder all = new StringBuilder();
      for (Path file : files.filter(f -> f.toString().endsWith(".txt")).toList()) {
        all.append(Files.readString(file)).append('\n');
      }
      return all.toString().lines().toList();
    }
  }
}
