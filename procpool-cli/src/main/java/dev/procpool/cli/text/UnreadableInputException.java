package dev.procpool.cli.text;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The input can't be read on: what comes behind this place is not known. */
public final class UnreadableInputException extends UncheckedIOException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param where what could not be read
   * @param cause why
   */
  UnreadableInputException(String where, IOException cause) {
    super(where + " can't be read: " + reason(cause), cause);
  }

  /** Says why something can't be read. */
  public static String reason(IOException cause) {
    String message = cause.getMessage();
    return cause instanceof EOFException || message == null && cause.getClass() == IOException.class
        ? "it ends in the middle of what is packed"
        : message == null ? cause.toString() : message;
  }
}
