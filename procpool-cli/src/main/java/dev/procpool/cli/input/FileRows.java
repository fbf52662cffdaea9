package dev.procpool.cli.input;

import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import java.util.Collection;
import java.util.Iterator;
import java.util.OptionalLong;

/** One row a file; a broken one if its name can't be read. Used by one thread at a time. */
final class FileRows implements Rows {

  private final Iterator<String> files;
  private final int size;

  FileRows(Collection<String> files) {
    this.files = files.iterator();
    this.size = files.size();
  }

  @Override
  public OptionalLong size() {
    return OptionalLong.of(size);
  }

  @Override
  public boolean hasNext() {
    return files.hasNext();
  }

  @Override
  public Row next() {
    String file = files.next();
    return file.indexOf('\ufffd') < 0
        ? Row.of(0, Row.Kind.FILE, file)
        : Row.broken(
            0,
            file,
            "its name is not text in this locale ("
                + System.getProperty("sun.jnu.encoding")
                + "); if it is in UTF-8, set LC_ALL=C.UTF-8");
  }

  @Override
  public void close() {}
}
