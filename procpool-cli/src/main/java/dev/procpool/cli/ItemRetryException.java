package dev.procpool.cli;

import java.io.Serial;

/**
 * An item failed and is to be tried again: tells it to the pool. The last attempt gives a reply
 * instead. Immutable.
 */
final class ItemRetryException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  ItemRetryException(String message) {
    super(message);
  }
}
