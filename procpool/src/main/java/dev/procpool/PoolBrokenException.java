package dev.procpool;

import org.jspecify.annotations.Nullable;

/**
 * The pool can't run tasks: its workers don't start, die again and again, or one of its own threads
 * ended. The message carries the workers' own words.
 */
public class PoolBrokenException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what broke and what to do
   * @param cause what broke it; may be null
   */
  public PoolBrokenException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
