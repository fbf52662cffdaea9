package dev.procpool.cli;

import java.io.Serializable;
import java.util.List;

/**
 * One item of the input, still as text. Immutable.
 *
 * <p>Rows cross to the workers as text and are converted there: so arguments need not be
 * serializable, and conversion runs in parallel.
 *
 * @param line the line that the row starts on, from 1; 0 for a file
 * @param kind what the fields are
 * @param fields the fields of a CSV row; for the other kinds one element
 */
record Row(long line, Kind kind, List<String> fields) implements Serializable {

  /** What a row's fields are. */
  enum Kind {
    /** Fields of a CSV or TSV row. */
    FIELDS,
    /** One line of text. */
    LINE,
    /** One JSON value. */
    JSON,
    /** The path of a file. */
    FILE
  }

  static Row of(long line, Kind kind, String text) {
    return new Row(line, kind, List.of(text));
  }

  /** Gives the only field of a row that is not a CSV row. */
  String text() {
    return fields.get(0);
  }

  /** Says where the row came from, for messages. */
  String where() {
    return kind == Kind.FILE ? "file " + text() : "line " + line;
  }
}
