package dev.procpool.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A file has one idea: who needs more lines than this to say it has found a second one. */
class FileSizeTest {

  private static final int MOST_LINES = 400;

  /** Files that may be longer, and why. */
  private static final Map<String, String> EXCEPTIONS =
      Map.of(
          "Misdeed.java", "a catalogue of what hostile workers do: each entry stands alone",
          "Outcome.java", "a sealed interface and all its cases",
          "Pool.java", "each call in all its arities, with its documentation: users look here",
          "TaskOptions.java", "each option of a call, with its documentation",
          "Tasks.java", "the adapters of all arities, which are the same but for their number");

  @Test
  void noSourceFileIsLong() throws IOException {
    Map<String, Long> tooLong = new TreeMap<>();
    for (Path folder :
        List.of(
            Path.of("src/main/java"),
            Path.of("../procpool-testkit/src/main/java"),
            Path.of("../procpool-spark/src/main/java"),
            Path.of("../procpool-cli/src/main/java"))) {
      assertThat(folder).isDirectory();
      for (Path file : sources(folder)) {
        long lines = Files.readAllLines(file).size();
        if (lines > MOST_LINES && !EXCEPTIONS.containsKey(file.getFileName().toString())) {
          tooLong.put(file.toString(), lines);
        }
      }
    }
    assertThat(tooLong).as("files of more than %d lines: split them by idea", MOST_LINES).isEmpty();
  }

  private static List<Path> sources(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
