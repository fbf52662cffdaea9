package dev.procpool.dist;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Completion as it is typed: in each shell, with the tabulator. */
class CompletionTest {

  private static final Map<String, String> START =
      Map.of(
          "bash",
          "exec bash --norc --noprofile -i",
          "zsh",
          "exec zsh -f -i",
          "fish",
          "HOME=$PWD exec fish --no-config -i");

  private static final Map<String, String> LOAD =
      Map.of(
          "bash",
          "PS1='ready '; source %s/procpool",
          "zsh",
          "PS1='ready '; autoload -U compinit; compinit -D -u; source %s/_procpool",
          "fish",
          "function fish_prompt; echo 'ready '; end; source %s/procpool.fish");

  @TempDir Path directory;

  @BeforeEach
  void files() throws Exception {
    Files.writeString(directory.resolve("Price.java"), "");
    Files.writeString(directory.resolve("my orders.csv"), "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void commandsOptionsValuesAndFilesAreCompleted(String shell) throws Exception {
    Tool.need(shell);
    try (Screen screen = Screen.open(directory, 100, START.get(shell))) {
      screen.type(LOAD.get(shell).formatted(Dist.completion(".").normalize()));
      screen.press("Enter");
      screen.await(text -> text.lines().anyMatch(line -> line.startsWith("ready")));

      completes(screen, "procpool star", "procpool starmap ");
      completes(screen, "procpool starmap Pri", "procpool starmap Price.java");
      if (!shell.equals("fish")) { // which always goes on to the next word
        completes(screen, "procpool map Pri", "::price", "procpool map Price.java::price");
      }
      completes(screen, "procpool starmap a::b my", "procpool starmap a::b my\\ orders.csv");
      completes(screen, "procpool map a::b --look", "procpool map a::b --look-ahead");
      completes(screen, "procpool map a::b --format js", "procpool map a::b --format jsonl");
      completes(screen, "procpool map a::b --out Pri", "procpool map a::b --out Price.java");
      completes(screen, "procpool help st", "procpool help starmap");
      completes(screen, "procpool generate-completion fi", "procpool generate-completion fish");
    }
  }

  /** Types the beginning of a line and the tabulator. */
  private static void completes(Screen screen, String typed, String whole) throws Exception {
    completes(screen, typed, "", whole);
  }

  /** Types the beginning of a line, the tabulator, and more. */
  private static void completes(Screen screen, String typed, String more, String whole)
      throws Exception {
    screen.press("C-l");
    screen.type(typed);
    screen.press("Tab");
    if (!more.isEmpty()) {
      screen.type(more);
    }
    screen.await(text -> text.contains(whole.strip()));
    screen.press("C-u");
    screen.await(text -> text.strip().endsWith("ready"));
  }
}
