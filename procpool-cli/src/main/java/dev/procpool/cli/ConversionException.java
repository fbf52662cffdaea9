package dev.procpool.cli;

import org.jspecify.annotations.Nullable;

/** A text or JSON value is not of the wanted type; the message says {@code 'abc' is not an int}. */
final class ConversionException extends Exception {

  private static final long serialVersionUID = 1L;

  ConversionException(@Nullable String message) {
    super(message);
  }
}
