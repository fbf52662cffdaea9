package dev.procpool.cli.input;

import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows whose first one was read to be looked at before workers start. Used by one thread at a time.
 */
public final class PeekedRows implements Rows {

  private final Rows rest;
  private final List<String> header;
  private @Nullable Row first;

  public PeekedRows(Rows rows) {
    this.rest = rows;
    this.first = rows.hasNext() ? rows.next() : null;
    this.header = header(rows, first);
  }

  private static List<String> header(Rows rows, @Nullable Row first) {
    List<String> header = new ArrayList<>(rows.header());
    boolean unnamed = rows.added() > 0 && header.size() == rows.added();
    if (unnamed && first != null && first.kind() == Row.Kind.FIELDS) {
      header.addAll(0, Collections.nCopies(first.fields().size() - header.size(), Rows.UNNAMED));
    }
    return List.copyOf(header);
  }

  /** Gives the first row without taking it; null if there is none. */
  public @Nullable Row peek() {
    return first;
  }

  /** The columns of rows without a header have a name, too, if --with adds named ones. */
  @Override
  public List<String> header() {
    return header;
  }

  @Override
  public int added() {
    return rest.added();
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
