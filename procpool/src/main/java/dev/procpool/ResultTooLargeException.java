package dev.procpool;

import org.jspecify.annotations.Nullable;

/**
 * A result does not fit in the memory of the program that asked for it, or is larger than the pool
 * accepts; or the results of a call do not fit in that memory together.
 *
 * <p>One large result costs its item. Where many small ones fill the heap, the call fails, with
 * this as its cause, and its results are let go: else the heap would stay full, and whatever the
 * program does next would fail. The pool goes on.
 *
 * @since 0.2.0
 */
public class ResultTooLargeException extends TaskSerializationException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message which result, how large it is, how large it may be, and what to do
   * @param cause the {@link OutOfMemoryError}; null if the size alone was too much
   */
  public ResultTooLargeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
