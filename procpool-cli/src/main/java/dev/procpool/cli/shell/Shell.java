package dev.procpool.cli.shell;

import picocli.CommandLine.Model.CommandSpec;

/** Shells whose completion is known. */
public enum Shell {
  /** Of GNU. */
  bash,
  /** The Z shell. */
  zsh,
  /** The friendly one. */
  fish;

  /**
   * Gives the script that completes a program's commands, options and their values.
   *
   * @param program the model of the program
   * @return the script, to be read by this shell
   */
  public String completion(CommandSpec program) {
    return switch (this) {
      case bash -> BashCompletion.of(program);
      case zsh -> ZshCompletion.of(program);
      case fish -> FishCompletion.of(program);
    };
  }
}
