package dev.procpool.examples;

import java.util.ArrayList;
import java.util.List;

/** The text between {@code // region name} and its {@code // endregion} in a source file. */
final class SourceRegion {

  private SourceRegion() {}

  /** Cuts a region out, its own indentation and the marks of regions within it taken away. */
  static String cut(List<String> source, String name) {
    int start = -1;
    int depth = 0;
    List<String> region = new ArrayList<>();
    for (int i = 0; i < source.size(); i++) {
      String line = source.get(i).strip();
      if (line.startsWith("// region ")) {
        if (start < 0 && line.equals("// region " + name)) {
          start = i;
        }
        depth += start < 0 ? 0 : 1;
      } else if (line.equals("// endregion")) {
        if (start >= 0 && --depth == 0) {
          return String.join("\n", region).stripIndent().strip();
        }
      } else if (start >= 0) {
        region.add(source.get(i));
      }
    }
    throw new AssertionError(
        start < 0
            ? "no line says \"// region " + name + "\""
            : "region " + name + " has no \"// endregion\"");
  }
}
