package dev.procpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each link of the guide and the README to a file or a heading finds it. */
class GuideLinksTest {

  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s#]*)(?:#([^)\\s]*))?\\)");

  @Test
  void filesAndHeadingsExist() throws IOException {
    List<String> dead = new ArrayList<>();
    for (GuidePage page : GuidePage.all()) {
      var links = LINK.matcher(Files.readString(page.file())).results().toList();
      for (var link : links) {
        Path target =
            link.group(1).isEmpty() ? page.file() : page.file().resolveSibling(link.group(1));
        boolean elsewhere = link.group(1).contains(":");
        if (!elsewhere && !isThere(target, link.group(2))) {
          dead.add(page + ": " + link.group());
        }
      }
    }
    assertThat(dead).isEmpty();
  }

  private static boolean isThere(Path target, String heading) throws IOException {
    if (heading == null || !Files.isRegularFile(target)) {
      return heading == null && Files.exists(target);
    }
    try (Stream<String> lines = Files.lines(target)) {
      return lines.filter(line -> line.startsWith("#")).anyMatch(l -> anchor(l).equals(heading));
    }
  }

  /** Gives the name that a heading gets on GitHub. */
  private static String anchor(String heading) {
    return heading
        .replaceFirst("#+ ", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\w\\- ]", "")
        .replace(' ', '-');
  }
}
