package dev.procpool.cli.binding;

/** How a row becomes arguments. */
public enum Mode {
  /** The whole row is the method's only argument. */
  MAP,
  /** The row's fields are spread over the method's parameters. */
  STARMAP
}
