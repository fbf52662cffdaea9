package dev.procpool.cli.reply;

import java.io.Serial;

/**
 * An item failed, of which the pool is to know, as its live page shows it. Has the reply for the
 * results, and the stack of what failed. Immutable.
 */
public final class ItemFailedException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  /** As {@link ReplyForm} writes it. */
  private final String reply;

  public ItemFailedException(Reply reply, StackTraceElement... stack) {
    super(reply.what());
    this.reply = ReplyForm.write(reply);
    setStackTrace(stack);
  }

  public Reply reply() {
    return ReplyForm.read(reply);
  }
}
