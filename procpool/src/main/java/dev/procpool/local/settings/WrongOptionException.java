package dev.procpool.local.settings;

/** What a user's function says of a worker can't be used. */
public final class WrongOptionException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  WrongOptionException(String message, Throwable cause) {
    super(message, cause);
  }
}
