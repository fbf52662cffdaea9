package dev.procpool.cli;

import java.io.IOException;

/** A run that can't go on; the message is a sentence that needs no more. */
class BrokenOffException extends IOException {

  private static final long serialVersionUID = 1L;

  BrokenOffException(String message, Throwable cause) {
    super(message, cause);
  }
}
