package dev.procpool.cli.input;

import dev.procpool.cli.row.Row;
import dev.procpool.cli.text.LineReader;
import dev.procpool.cli.text.LineReader.Line;
import dev.procpool.cli.text.StrictReader;
import org.jspecify.annotations.Nullable;

/**
 * The rows of text with one item a line; blank lines of JSON are no items. One thread at a time.
 */
final class LineRows extends ReadRows {

  private final LineReader lines;
  private final Row.Kind kind;

  LineRows(LineReader lines, Row.Kind kind) {
    this.lines = lines;
    this.kind = kind;
  }

  @Override
  @Nullable Row read() {
    Line line = lines.next();
    while (line != null && kind == Row.Kind.JSON && line.text().isBlank()) {
      line = lines.next();
    }
    if (line == null) {
      return null;
    }
    String fault = lines.fault(line.text());
    return fault == null
        ? Row.of(line.number(), kind, line.text())
        : Row.broken(line.number(), StrictReader.shown(line.text()), fault);
  }

  @Override
  public void close() {
    lines.close();
  }
}
