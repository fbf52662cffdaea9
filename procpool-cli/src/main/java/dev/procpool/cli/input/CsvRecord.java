package dev.procpool.cli.input;

import dev.procpool.cli.text.LineReader;
import dev.procpool.cli.text.LineReader.Line;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of CSV text, taken from lines: RFC 4180, with spaces allowed around quotes, and quotes
 * as they are within a field that does not start with one. Owned by its reader.
 *
 * <p>A record that is not well-formed has a {@link #fault()}. Its first line is then all that was
 * taken: a quote that nobody closes must not swallow the lines below it.
 */
final class CsvRecord {

  /** The most characters of one record: what a quote without its partner may look at. */
  private static final int LARGEST = 1 << 24;

  private final LineReader lines;
  private final char delimiter;
  private final int quote;
  private final Line first;
  private final List<Line> more = new ArrayList<>();
  private final List<String> fields = new ArrayList<>();
  private @Nullable String fault;

  private Line line;
  private int at;
  private boolean looseQuote;

  CsvRecord(LineReader lines, Line first, char delimiter, int quote) {
    this.lines = lines;
    this.delimiter = delimiter;
    this.quote = quote;
    this.first = first;
    this.line = first;
    parse();
    if (fault != null) {
      lines.giveBack(more);
    }
  }

  Line first() {
    return first;
  }

  List<String> fields() {
    return fields;
  }

  /** Says what is wrong with it, starting with the column; null if nothing is. */
  @Nullable String fault() {
    return fault;
  }

  /** Tells whether a quote stands where it means nothing: within a field without quotes. */
  boolean hasLooseQuote() {
    return looseQuote;
  }

  private void parse() {
    do {
      int start = at;
      int open = start;
      while (open < line.text().length() && isSpace(line.text().charAt(open))) {
        open++;
      }
      if (open < line.text().length() && line.text().charAt(open) == quote) {
        quoted(open);
      } else {
        int end = line.text().indexOf(delimiter, start);
        at = end < 0 ? line.text().length() : end;
        String field = line.text().substring(start, at);
        looseQuote |= quote >= 0 && field.indexOf(quote) >= 0;
        fields.add(field);
      }
    } while (fault == null && at++ < line.text().length());
  }

  /** Spaces around quotes mean nothing; but one that separates fields does. */
  private boolean isSpace(char c) {
    return c != delimiter && (c == ' ' || c == '\t');
  }

  /** Takes a field from its opening quote; stops at the delimiter or the line's end behind it. */
  private void quoted(int open) {
    int column = open + 1;
    Line opened = line;
    StringBuilder field = new StringBuilder();
    int size = 0;
    at = open + 1;
    while (true) {
      String text = line.text();
      int close = text.indexOf(quote, at);
      if (close >= 0 && close + 1 < text.length() && text.charAt(close + 1) == quote) {
        field.append(text, at, close + 1);
        at = close + 2;
      } else if (close >= 0) {
        fields.add(field.append(text, at, close).toString());
        at = close + 1;
        behind(opened, column);
        return;
      } else {
        field.append(text, at, text.length()).append(line.end());
        Line next = size > LARGEST ? null : lines.next();
        if (next == null) {
          fault = "column " + column + ": " + at(opened) + "a quote opens that nothing closes";
          return;
        }
        more.add(next);
        size += next.text().length() + 1;
        line = next;
        at = 0;
      }
    }
  }

  private void behind(Line opened, int column) {
    String text = line.text();
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
    if (at < text.length() && text.charAt(at) != delimiter) {
      fault =
          "column "
              + column
              + ": "
              + at(opened)
              + "a quote opens, and '"
              + Character.toString(text.codePointAt(at))
              + "' follows where it closes (line "
              + line.number()
              + ", column "
              + (at + 1)
              + "); within quotes a quote is written twice";
    }
  }

  /** Names the line of a quote if the record did not start there. */
  private String at(Line opened) {
    return opened.number() == first.number() ? "" : "in line " + opened.number() + " ";
  }
}
