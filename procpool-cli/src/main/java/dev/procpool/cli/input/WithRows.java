package dev.procpool.cli.input;

import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows with columns added, each row once with each of their values. Used by one thread at a time.
 */
final class WithRows implements Rows {

  private final Rows rows;
  private final WithColumns columns;
  private @Nullable Row row;
  private Iterator<List<String>> values = Collections.emptyIterator();

  WithRows(Rows rows, WithColumns columns) {
    this.rows = rows;
    this.columns = columns;
  }

  @Override
  public List<String> header() {
    List<String> header = new ArrayList<>(rows.header());
    for (String name : columns.names()) {
      if (header.contains(name)) {
        throw new UsageException("--with adds a column '" + name + "', but the header has one");
      }
    }
    header.addAll(columns.names());
    return header;
  }

  /** Gives the number of columns at the end of {@link #header()} that were added. */
  @Override
  public int added() {
    return columns.names().size();
  }

  @Override
  public OptionalLong size() {
    return rows.size().isPresent()
        ? OptionalLong.of(rows.size().getAsLong() * columns.values().size())
        : OptionalLong.empty();
  }

  @Override
  public boolean hasNext() {
    return values.hasNext() || rows.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (!values.hasNext()) {
      Row next = rows.next();
      if (next.kind() == Row.Kind.BROKEN) {
        return next;
      }
      row = next;
      values = columns.values().rows();
    }
    Row base = Objects.requireNonNull(row);
    List<String> fields = new ArrayList<>(base.fields());
    fields.addAll(values.next());
    return new Row(base.line(), Row.Kind.FIELDS, fields);
  }

  @Override
  public void close() {
    rows.close();
  }
}
