package dev.procpool.cli.reply;

import java.io.Serial;

/**
 * An item failed and is to be tried again: tells it to the pool. The last attempt gives a reply
 * instead. Immutable.
 */
public final class ItemRetryException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  public ItemRetryException(String message) {
    super(message);
  }
}
