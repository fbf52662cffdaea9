package dev.procpool.cli.row;

import java.util.List;

/**
 * One item of the input, still as text. Immutable.
 *
 * <p>Rows cross to the workers as text ({@link RowForm}) and are converted there: so arguments need
 * not be serializable, and conversion runs in parallel.
 *
 * @param line the line that the row starts on, or the number of an item that is no line, from 1; 0
 *     for a file and for several arguments of the command line
 * @param kind what the fields are
 * @param fields the fields of a CSV row; for a broken row its text and what is wrong; for the other
 *     kinds one element
 */
public record Row(long line, Kind kind, List<String> fields) {

  /** What a row's fields are. */
  public enum Kind {
    /** Fields of a CSV or TSV row, or of arguments of the command line that go together. */
    FIELDS,
    /** One line of text. */
    LINE,
    /** One text that is no line: it ended with NUL, or is an argument of the command line. */
    ITEM,
    /** One JSON value. */
    JSON,
    /** The path of a file. */
    FILE,
    /** Several lines, texts or paths that are passed together. */
    BATCH,
    /** What can't be read as a row. It is an item like any other, and an invalid one. */
    BROKEN
  }

  public static Row of(long line, Kind kind, String text) {
    return new Row(line, kind, List.of(text));
  }

  /**
   * Makes a row of what is none.
   *
   * @param line the line that it starts on
   * @param text what can be shown of it
   * @param fault what is wrong with it
   */
  public static Row broken(long line, String text, String fault) {
    return new Row(line, Kind.BROKEN, List.of(text, fault));
  }

  /** Gives the only field of a row that is not a CSV row; what can be shown of a broken one. */
  public String text() {
    return fields.get(0);
  }

  /** Says what is wrong with a broken row. */
  public InvalidRowException fault() {
    String fault = fields.get(1);
    return new InvalidRowException(
        where() + (fault.matches("(?s)(column|field) \\d+.*") ? ", " : ": ") + fault);
  }

  /** Says where the row came from, for messages. */
  public String where() {
    return switch (kind) {
      case FILE -> "file " + text();
      case ITEM -> "item " + line;
      case BATCH ->
          line == 0
              ? text() + (fields.size() == 1 ? "" : " and " + (fields.size() - 1) + " more")
              : "lines " + line + " to " + (line + fields.size() - 1);
      case FIELDS -> line == 0 ? "arguments " + String.join(" ", fields) : "line " + line;
      case BROKEN -> line == 0 ? "file " + text() : "line " + line;
      default -> "line " + line;
    };
  }
}
