package dev.procpool.cli.output;

import java.io.IOException;

/** Prints results in the form that {@link PrintForm} names. Used by one thread. */
interface Printer {

  /**
   * Prints a result.
   *
   * @param line the result as a line of JSON, with its end
   */
  void print(String line) throws IOException;

  /** Prints what was held back. */
  default void end() throws IOException {}
}
