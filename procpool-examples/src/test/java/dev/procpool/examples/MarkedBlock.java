package dev.procpool.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced block of code in a Markdown page, and the mark above it that says where its text is
 * from.
 *
 * <p>Two marks exist: {@code <!-- region: File.java#name -->} and {@code <!-- output: Program -->}.
 *
 * @param line the number of the opening fence, from 1
 * @param language what follows the opening fence
 * @param mark the kind and the reference of the mark; empty if the line above the fence is no mark
 * @param lines the text between the fences
 */
record MarkedBlock(int line, String language, Optional<Mark> mark, List<String> lines) {

  private static final Pattern MARK = Pattern.compile("<!-- (region|output): (\\S+) -->");
  private static final Pattern FENCE = Pattern.compile("```(\\w*)");

  /**
   * Where a block's text is from.
   *
   * @param kind {@code region} or {@code output}
   * @param reference the file and region, or the program
   */
  record Mark(String kind, String reference) {}

  String text() {
    return String.join("\n", lines);
  }

  /** Gives the reference of this block's mark, if the mark is of this kind. */
  Optional<String> reference(String kind) {
    return mark.filter(it -> it.kind().equals(kind)).map(Mark::reference);
  }

  static List<MarkedBlock> in(List<String> page) {
    List<MarkedBlock> blocks = new ArrayList<>();
    for (int i = 0; i < page.size(); i++) {
      Matcher fence = FENCE.matcher(page.get(i));
      if (fence.matches()) {
        int end = i + 1;
        while (!page.get(end).equals("```")) {
          end++;
        }
        Optional<Mark> mark = i == 0 ? Optional.empty() : mark(page.get(i - 1));
        blocks.add(
            new MarkedBlock(i + 1, fence.group(1), mark, List.copyOf(page.subList(i + 1, end))));
        i = end;
      }
    }
    return blocks;
  }

  private static Optional<Mark> mark(String line) {
    Matcher mark = MARK.matcher(line);
    return mark.matches() ? Optional.of(new Mark(mark.group(1), mark.group(2))) : Optional.empty();
  }
}
