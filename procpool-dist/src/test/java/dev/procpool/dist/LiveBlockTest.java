package dev.procpool.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jline.utils.WCWidth;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The block that shows a run's progress, as a person sees it: by the launcher, on a terminal. */
class LiveBlockTest {

  private static final String SOURCE =
      """
      import java.nio.file.*;
      class Gate {
        static String pass(String name) throws Exception {
          System.out.println("printed " + name + " \\u001b[2J\\u001b[31m \\u6f22\\u5b57");
          if (name.startsWith("bad")) {
            throw new IllegalStateException("a bad one");
          }
          while (!Files.exists(Path.of("go"))) { // the test opens it
            Thread.sleep(10);
          }
          return name;
        }
      }
      """;

  private static final String COMMAND = "map Gate.java::pass in.txt -w 2 --chunk-size 1 ";

  @TempDir Path directory;

  @BeforeEach
  void install() throws Exception {
    String archive = Dist.archive("tar.gz").toString();
    Started.run(directory, Tool.need("tar"), "-xzf", archive, "--strip-components", "1").well();
    Files.writeString(directory.resolve("Gate.java"), SOURCE);
    Files.writeString(directory.resolve("in.txt"), "one\n\u6f22\u5b57\nthree\nfour\n");
  }

  private Screen procpool(String before, String options) throws Exception {
    return Screen.open(directory, 90, before + " bin/procpool " + COMMAND + options);
  }

  private void openGate() throws Exception {
    Files.createFile(directory.resolve("go"));
  }

  /** The lines of the block that name a worker. */
  private static List<String> workers(String screen) {
    return screen.lines().filter(line -> line.matches(" +#\\d .*")).toList();
  }

  private static boolean showsBothItems(String screen) {
    return workers(screen).stream().filter(line -> line.matches(".* line [12]: .* s")).count() == 2;
  }

  private static int width(String text) {
    return text.codePoints().map(WCWidth::wcwidth).sum();
  }

  @Test
  void theBlockIsThereWhileItRunsAndThenTheSummary() throws Exception {
    try (Screen screen = procpool("", "--out r.jsonl")) {
      String shown = screen.await(LiveBlockTest::showsBothItems);

      assertThat(shown).contains("[                    ] 0/4 items (0%)");
      assertThat(workers(shown)).anyMatch(line -> line.contains("line 1: one "));
      assertThat(workers(shown)).anyMatch(line -> line.contains("line 2: \u6f22\u5b57 "));
      assertThat(workers(shown))
          .as("wide characters")
          .extracting(line -> width(line))
          .containsOnly(86);

      openGate();
      assertThat(screen.awaitEnd()).isZero();
      String end = screen.history();
      assertThat(end).contains("4 items: 4 ok in ").doesNotContain("items (", "0/4");
      assertThat(workers(end)).isEmpty();
      assertThat(end.lines().filter(line -> line.contains("printed")))
          .as("whole lines, each with its item, and nothing obeyed")
          .containsExactlyInAnyOrder(
              "line 1 | printed one \u241b[2J\u241b[31m \u6f22\u5b57",
              "line 2 | printed \u6f22\u5b57 \u241b[2J\u241b[31m \u6f22\u5b57",
              "line 3 | printed three \u241b[2J\u241b[31m \u6f22\u5b57",
              "line 4 | printed four \u241b[2J\u241b[31m \u6f22\u5b57");
    }
  }

  @Test
  void anotherSizeOfTheTerminalIsFollowed() throws Exception {
    try (Screen screen = procpool("", "--out r.jsonl")) {
      // what is printed before the program knows of the new size may leave a line of the old block
      screen.await(
          text ->
              showsBothItems(text)
                  && text.contains("line 1 | printed")
                  && text.contains("line 2 | printed"));

      screen.resize(50, 12);
      screen.await(
          text ->
              showsBothItems(text) && workers(text).stream().allMatch(line -> width(line) == 46));
      screen.resize(120, 30);
      String wide =
          screen.await(
              text ->
                  showsBothItems(text)
                      && workers(text).stream().allMatch(line -> width(line) == 116));
      assertThat(wide.lines().filter(line -> line.contains("0/4"))).hasSize(1);

      openGate();
      assertThat(screen.awaitEnd()).isZero();
      assertThat(workers(screen.history())).isEmpty();
    }
  }

  @Test
  void resultsOnTheSameTerminalStandAboveIt() throws Exception {
    Files.writeString(directory.resolve("in.txt"), "bad\none\n");
    try (Screen screen = procpool("", "--print '{status} {args.0}'")) {
      String shown = screen.await(text -> text.contains("1/2 items (50%)"));
      assertThat(shown).containsSubsequence("failed bad\n", "1/2 items (50%)");

      openGate();
      assertThat(screen.awaitEnd()).isEqualTo(1);
      assertThat(screen.text())
          .contains(
              "failed bad\nprocpool: line 1: failed: java.lang.IllegalStateException: a bad one\n")
          .contains("\nok one\n")
          .contains("2 items: 1 ok, 1 failed in ")
          .doesNotContain("items (");
    }
  }

  @Test
  void whatGoesIntoAPipeHasNothingOfIt() throws Exception {
    try (Screen screen = procpool("", "--print value | cat > out.txt")) {
      screen.await(LiveBlockTest::showsBothItems);
      openGate();
      screen.awaitEnd();
      assertThat(workers(screen.text())).isEmpty();
    }
    assertThat(directory.resolve("out.txt")).hasContent("one\n\u6f22\u5b57\nthree\nfour\n");
  }

  @Test
  void ctrlCLetsItemsEndAndTakesTheBlockAway() throws Exception {
    try (Screen screen = procpool("", "--grace 1m")) {
      screen.await(LiveBlockTest::showsBothItems);
      screen.press("C-c");
      screen.await(text -> text.contains("Ctrl-C: no more items") && showsBothItems(text));

      openGate();
      assertThat(screen.awaitEnd()).isEqualTo(130);
      assertThat(screen.text()).contains("2 items: 2 ok in ").doesNotContain("items (");
      assertThat(workers(screen.text())).isEmpty();
    }
  }

  @Test
  void ctrlCTwiceEndsItAtOnce() throws Exception {
    try (Screen screen = procpool("", "--grace 1m")) {
      screen.await(LiveBlockTest::showsBothItems);
      screen.press("C-c");
      screen.await(text -> text.contains("Ctrl-C: no more items"));
      screen.press("C-c");

      assertThat(screen.awaitEnd()).isEqualTo(130);
      assertThat(screen.text()).doesNotContain("items (");
      assertThat(workers(screen.text())).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM=dumb", "TERM="})
  void aDumbTerminalGetsPlainLines(String kind) throws Exception {
    try (Screen screen = procpool(kind, "--progress always --out r.jsonl")) {
      screen.await(
          text -> text.contains("procpool: 0/4 items (0%)\n") && text.contains("printed one "));
      openGate();
      assertThat(screen.awaitEnd()).isZero();
      assertThat(workers(screen.history())).isEmpty();
    }
  }

  @Test
  void failuresAreRedUnlessNoColoursAreWanted() throws Exception {
    Files.writeString(directory.resolve("in.txt"), "bad\none\n");
    try (Screen screen = procpool("", "--out r.jsonl")) {
      screen.await(text -> text.contains(", 1 not ok"));
      assertThat(screen.colours()).containsPattern("\u001b\\[31m1 not ok");
    }
    try (Screen screen = procpool("NO_COLOR=1", "--out s.jsonl")) {
      screen.await(text -> text.contains(", 1 not ok"));
      assertThat(screen.colours()).doesNotContain("\u001b[31m");
    }
    openGate();
  }

  @Test
  void ctrlBackslashShowsTheStacksOfWhatRuns() throws Exception {
    try (Screen screen = procpool("", "--print value > out.txt")) {
      screen.await(text -> showsBothItems(text) && text.split("printed", -1).length == 3);
      screen.press("C-\\");
      screen.await(text -> stacks(screen) == 2); // of the workers
      openGate();
      assertThat(screen.awaitEnd()).isZero();
    }
    assertThat(directory.resolve("out.txt")).hasContent("one\n\u6f22\u5b57\nthree\nfour\n");
  }

  private static long stacks(Screen screen) {
    try {
      return screen.history().lines().filter(line -> line.contains("at Gate.pass(")).count();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void neverMeansNoBlock() throws Exception {
    try (Screen screen = procpool("", "--progress never --out r.jsonl")) {
      screen.await(text -> text.contains("printed one "));
      openGate();
      assertThat(screen.awaitEnd()).isZero();
      assertThat(screen.history()).doesNotContain("items (", "#0");
    }
  }
}
