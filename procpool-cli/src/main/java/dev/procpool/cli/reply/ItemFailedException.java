package dev.procpool.cli.reply;

import java.io.Serial;

/**
 * An item failed and is to be tried again: tells it to the pool. The last attempt gives a reply
 * instead. Immutable.
 */
public final class ItemFailedException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  public ItemFailedException(String message) {
    super(message);
  }
}
