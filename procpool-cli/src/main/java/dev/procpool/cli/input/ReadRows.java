package dev.procpool.cli.input;

import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Rows that are read one by one, as they are asked for. Used by one thread at a time. */
abstract class ReadRows implements Rows {

  private @Nullable Row next;

  /** Reads the next row; null at the end. */
  abstract @Nullable Row read();

  @Override
  public final boolean hasNext() {
    if (next == null) {
      next = read();
    }
    return next != null;
  }

  @Override
  public final Row next() {
    Row row = next == null ? read() : next;
    next = null;
    if (row == null) {
      throw new NoSuchElementException();
    }
    return row;
  }
}
