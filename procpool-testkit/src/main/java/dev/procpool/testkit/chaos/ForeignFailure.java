package dev.procpool.testkit.chaos;

/** The pattern of an exception whose class the caller does not know; see {@link Foreign}. */
public final class ForeignFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * Makes the exception.
   *
   * @param message its message
   */
  public ForeignFailure(String message) {
    super(message);
  }
}
