package dev.procpool.cli.report;

import dev.procpool.cli.reply.Reply;
import dev.procpool.cli.reply.Status;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.stop.Shutdown;
import dev.procpool.cli.terminal.Console;

/**
 * Tells a person of items that are not well, the first ten of them. Used by the thread that takes
 * the outcomes.
 */
public final class Complaints {

  private static final int MOST_MESSAGES = 10;

  private final Console console;
  private final boolean hasHeader;
  private long complaints;

  public Complaints(Console console, boolean hasHeader) {
    this.console = console;
    this.hasHeader = hasHeader;
  }

  public void sees(Row row, long index, Reply reply) {
    if (reply.status() == Status.OK || ++complaints > MOST_MESSAGES + 1 || Shutdown.isUnderway()) {
      return;
    }
    if (complaints == MOST_MESSAGES + 1) {
      console.message("more items are not well; the results name each");
    } else if (reply.status() == Status.INVALID) {
      console.message(
          reply.message() + (index == 0 && mayBeHeader(row) ? " (a header? --header)" : ""));
    } else {
      console.message(row.where() + ": " + reply.status().text() + ": " + reply.what());
    }
  }

  private boolean mayBeHeader(Row row) {
    return row.kind() == Row.Kind.FIELDS && row.line() == 1 && !hasHeader;
  }
}
