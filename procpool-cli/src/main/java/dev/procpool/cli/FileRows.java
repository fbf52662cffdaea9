package dev.procpool.cli;

import java.util.Collection;
import java.util.Iterator;
import java.util.OptionalLong;

/** One row a file. Used by one thread at a time. */
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
    return Row.of(0, Row.Kind.FILE, files.next());
  }

  @Override
  public void close() {}
}
