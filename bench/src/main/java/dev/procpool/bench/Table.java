package dev.procpool.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What was measured, as text. The first column tells how many times better this pool is than the
 * one in the row.
 */
final class Table {

  private static final String OURS = "procpool";

  /** Which values are better. */
  enum Better {
    HIGHER,
    LOWER
  }

  private record Row(String ratio, String value, String unit, String who, String what) {

    String text() {
      return "%9s  %14s  %-8s  %-28s  %s".formatted(ratio, value, unit, who, what).stripTrailing();
    }

    String markdown() {
      return "| %s | %s | %s | %s | %s |".formatted(ratio, value, unit, who, what);
    }
  }

  private final List<Row> rows = new ArrayList<>();

  /** What we measure of ourselves, and its peers. */
  final class Subject {

    private final String unit;
    private final Better better;
    private final double ours;

    private Subject(String what, String unit, Better better, double ours) {
      this.unit = unit;
      this.better = better;
      this.ours = ours;
      rows.add(new Row("", shown(ours), unit, OURS, what));
    }

    /** Adds a peer, or a limit; one that was not measured is left out. */
    Subject beside(String who, double value) {
      if (!Double.isNaN(value)) {
        double ratio = better == Better.HIGHER ? ours / value : value / ours;
        rows.add(new Row(shown(ratio), shown(value), unit, who, ""));
      }
      return this;
    }

    /** Adds what was aimed at. */
    Subject reach(double value) {
      return beside("aim", value);
    }
  }

  /** Begins with a value of ours. */
  Subject ours(String what, String unit, Better better, double value) {
    return new Subject(what, unit, better, value);
  }

  String print(boolean markdown) {
    Row head = new Row("ours is", "measured", "unit", "who", "what");
    StringBuilder text = new StringBuilder();
    text.append(markdown ? head.markdown() + "\n|---:|---:|---|---|---|" : head.text())
        .append('\n');
    for (Row row : rows) {
      text.append(markdown ? row.markdown() : row.text()).append('\n');
    }
    return text.toString();
  }

  /** Three digits that count, or all before the point. */
  private static String shown(double value) {
    double size = Math.abs(value);
    return size >= 100
        ? "%,.0f".formatted(value)
        : size >= 10
            ? "%.1f".formatted(value)
            : size >= 1 ? "%.2f".formatted(value) : "%.3f".formatted(value);
  }
}
