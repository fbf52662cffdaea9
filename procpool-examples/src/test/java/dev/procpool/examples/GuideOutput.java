package dev.procpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the guide says that a program prints: blocks marked {@code <!-- output: Program -->}.
 *
 * <p>Random numbers differ from run to run, and so does the order of the workers' lines. Numbers
 * are therefore compared as {@code #} and lines in any order; a line {@code …} stands for more
 * lines.
 */
final class GuideOutput {

  private static final Pattern RANDOM = Pattern.compile("\\b\\d+\\.\\d+(E-\\d+)?");
  private static final String MORE = "…";
  private static final int LONG = 40;

  private GuideOutput() {}

  static String masked(String line) {
    return RANDOM.matcher(line).replaceAll("#");
  }

  /**
   * Checks the guide's blocks for a program, or replaces them by what it has just printed.
   *
   * @return how many blocks there are
   */
  static int checkOrUpdate(ProgramRun run) throws IOException {
    int blocks = 0;
    for (GuidePage page : GuidePage.all()) {
      if (GuidePage.UPDATE) {
        page.rewrite(block -> shows(block, run) ? abridged(run.out()) : block.lines());
      }
      for (MarkedBlock block : page.blocks()) {
        if (shows(block, run)) {
          check(page + ":" + block.line(), block.lines(), run.out());
          blocks++;
        }
      }
    }
    return blocks;
  }

  private static boolean shows(MarkedBlock block, ProgramRun run) {
    return block.reference("output").filter(run.program().getSimpleName()::equals).isPresent();
  }

  private static void check(String place, List<String> shown, List<String> printed) {
    List<String> expected = shown.stream().map(GuideOutput::masked).toList();
    List<String> actual = printed.stream().map(GuideOutput::masked).toList();
    String description = place + " is not what the program prints; " + GuidePage.HOW_TO_UPDATE;
    assertThat(expected).as(description).isNotEmpty();
    if (expected.contains(MORE)) {
      assertThat(actual)
          .as(description)
          .containsAll(expected.stream().filter(line -> !line.equals(MORE)).toList());
    } else {
      assertThat(actual).as(description).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static List<String> abridged(List<String> lines) {
    if (lines.size() <= LONG) {
      return lines;
    }
    List<String> abridged = new ArrayList<>(lines.subList(0, 3));
    abridged.add(MORE);
    abridged.addAll(lines.subList(lines.size() - 3, lines.size()));
    return abridged;
  }
}
