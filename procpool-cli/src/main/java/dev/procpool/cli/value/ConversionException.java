package dev.procpool.cli.value;

/** A text or JSON value is not of the wanted type; the message says {@code 'abc' is not an int}. */
public final class ConversionException extends Exception {

  private static final long serialVersionUID = 1L;

  ConversionException(String message) {
    super(message);
  }
}
