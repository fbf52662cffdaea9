package dev.procpool.cli.input;

import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import dev.procpool.cli.text.LineReader;
import dev.procpool.cli.text.LineReader.Line;
import dev.procpool.cli.text.StrictReader;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of text with one item a line; blank lines of JSON are no items. One thread at a time.
 */
final class LineRows implements Rows {

  private final LineReader lines;
  private final Row.Kind kind;
  private @Nullable Row next;

  LineRows(LineReader lines, Row.Kind kind) {
    this.lines = lines;
    this.kind = kind;
  }

  @Override
  public boolean hasNext() {
    while (next == null) {
      Line line = lines.next();
      if (line == null) {
        return false;
      }
      if (kind != Row.Kind.JSON || !line.text().isBlank()) {
        String fault = lines.fault(line.text());
        next =
            fault == null
                ? Row.of(line.number(), kind, line.text())
                : Row.broken(line.number(), StrictReader.shown(line.text()), fault);
      }
    }
    return true;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = Objects.requireNonNull(next);
    next = null;
    return row;
  }

  @Override
  public void close() {
    lines.close();
  }
}
