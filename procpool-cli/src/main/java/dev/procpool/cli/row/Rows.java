package dev.procpool.cli.row;

import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/**
 * The rows of the input, read as they are asked for. Used by one thread at a time; closing it frees
 * the file.
 */
public interface Rows extends Iterator<Row>, AutoCloseable {

  /** In place of the name of a column that has none, where others have. No header has it. */
  String UNNAMED = "\0";

  /** Gives the columns' names; empty if there is no header. */
  default List<String> header() {
    return List.of();
  }

  /**
   * Gives the number of columns that were added to each row. Their names are the last of the
   * header, which has no others if the input had none.
   */
  default int added() {
    return 0;
  }

  /** Gives the number of rows where it is known without reading them. */
  default OptionalLong size() {
    return OptionalLong.empty();
  }

  @Override
  void close();
}
