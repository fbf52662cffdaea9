package dev.procpool.cli;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows whose first one was read to be looked at before workers start. Used by one thread at a time.
 */
final class PeekedRows implements Rows {

  private final Rows rest;
  private @Nullable Row first;

  PeekedRows(Rows rows) {
    this.rest = rows;
    this.first = rows.hasNext() ? rows.next() : null;
  }

  /** Gives the first row without taking it; null if there is none. */
  @Nullable Row peek() {
    return first;
  }

  @Override
  public List<String> header() {
    return rest.header();
  }

  @Override
  public OptionalLong size() {
    return rest.size();
  }

  @Override
  public boolean hasNext() {
    return first != null || rest.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = first == null ? rest.next() : first;
    first = null;
    return row;
  }

  @Override
  public void close() {
    rest.close();
  }
}
