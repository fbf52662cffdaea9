package dev.procpool.cli;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of text with one item a line; blank lines of JSON are no items. One thread at a time.
 */
final class LineRows implements Rows {

  private final BufferedReader text;
  private final Row.Kind kind;
  private long line;
  private @Nullable String next;

  LineRows(Reader text, Row.Kind kind) {
    this.text = new BufferedReader(text);
    this.kind = kind;
  }

  @Override
  public boolean hasNext() {
    try {
      while (next == null) {
        String read = text.readLine();
        if (read == null) {
          return false;
        }
        line++;
        if (line == 1 && read.startsWith("\uFEFF")) {
          read = read.substring(1);
        }
        if (kind == Row.Kind.LINE || !read.isBlank()) {
          next = read;
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("line " + (line + 1) + " of the input can't be read", e);
    }
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = Row.of(line, kind, requireNonNull(next));
    next = null;
    return row;
  }

  @Override
  public void close() {
    try {
      text.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
