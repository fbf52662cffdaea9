package dev.procpool.cli;

/** How a row becomes arguments. */
enum Mode {
  /** The whole row is the method's only argument. */
  MAP,
  /** The row's fields are spread over the method's parameters. */
  STARMAP
}
