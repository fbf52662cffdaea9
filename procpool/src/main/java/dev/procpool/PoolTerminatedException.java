package dev.procpool;

import java.util.concurrent.CancellationException;

/** The pool was terminated before the call had finished. */
public class PoolTerminatedException extends CancellationException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was stopped
   */
  public PoolTerminatedException(String message) {
    super(message);
  }
}
