package dev.procpool.cli.input;

import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalLong;

/**
 * One row a file; a broken one if its name can't be read, and for each folder that can't be
 * searched. Used by one thread at a time.
 */
final class FileRows implements Rows {

  private final Iterator<String> files;
  private final Iterator<Map.Entry<String, String>> unreadable;
  private final int size;

  /**
   * Makes the rows.
   *
   * @param files the files
   * @param unreadable what could not be looked into that may hold more of them, and why
   */
  FileRows(Collection<String> files, Map<String, String> unreadable) {
    this.files = files.iterator();
    this.unreadable = unreadable.entrySet().iterator();
    this.size = files.size() + unreadable.size();
  }

  @Override
  public OptionalLong size() {
    return OptionalLong.of(size);
  }

  @Override
  public boolean hasNext() {
    return files.hasNext() || unreadable.hasNext();
  }

  @Override
  public Row next() {
    if (!files.hasNext()) {
      Map.Entry<String, String> folder = unreadable.next();
      return Row.broken(
          0, folder.getKey(), "what it holds can't be looked at: " + folder.getValue());
    }
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
