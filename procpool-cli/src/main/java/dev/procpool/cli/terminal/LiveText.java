package dev.procpool.cli.terminal;

import java.util.List;

/** What is shown as a block at the bottom of a terminal. */
@FunctionalInterface
public interface LiveText {

  /**
   * Gives its lines.
   *
   * @param width of the terminal, in columns
   * @param height of the terminal, in rows
   * @param coloured whether failures are red
   */
  List<String> block(int width, int height, boolean coloured);
}
