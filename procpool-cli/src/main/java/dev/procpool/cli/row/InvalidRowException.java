package dev.procpool.cli.row;

/** A row does not convert to the method's arguments; the message starts with line and column. */
public final class InvalidRowException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean misfit;

  public InvalidRowException(String message) {
    this(message, false);
  }

  private InvalidRowException(String message, boolean misfit) {
    super(message);
    this.misfit = misfit;
  }

  /** Makes the exception for a row that, as a whole, is not of the method's form. */
  public static InvalidRowException misfit(String message) {
    return new InvalidRowException(message, true);
  }

  /** Tells whether the row lacks what the method needs, rather than holding a wrong value. */
  public boolean isMisfit() {
    return misfit;
  }
}
