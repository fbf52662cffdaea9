package dev.procpool.cli.input;

import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/** The rows that {@code :::} of the command line makes. Used by one thread at a time. */
final class ArgumentRows implements Rows {

  private final Iterator<List<String>> rows;
  private final long size;
  private final boolean single;
  private long number;

  /**
   * Makes the rows.
   *
   * @param lists the lists of values
   * @param single whether a row is one value, and not fields of which there is one
   */
  ArgumentRows(ArgumentLists lists, boolean single) {
    this.rows = lists.rows();
    this.size = lists.size();
    this.single = single;
  }

  @Override
  public OptionalLong size() {
    return OptionalLong.of(size);
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public Row next() {
    List<String> row = rows.next();
    return single ? new Row(++number, Row.Kind.ITEM, row) : new Row(0, Row.Kind.FIELDS, row);
  }

  @Override
  public void close() {}
}
