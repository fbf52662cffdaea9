package dev.procpool.testkit.chaos;

import java.io.Serializable;

/** The pattern of a result whose class the caller does not know; see {@link Foreign}. */
public final class ForeignResult implements Serializable {

  private static final long serialVersionUID = 1;

  /** Something to be lost. */
  private final String text;

  /**
   * Makes the result.
   *
   * @param text what it holds
   */
  public ForeignResult(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
