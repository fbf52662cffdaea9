package dev.procpool.cli.terminal;

import dev.procpool.cli.message.BrokenOffException;
import java.io.IOException;

/** Nobody reads standard output any more, as after {@code | head}: they have seen enough. */
public final class ReaderGoneException extends BrokenOffException {

  private static final long serialVersionUID = 1L;

  ReaderGoneException(IOException cause) {
    super("standard output has no reader any more", cause);
  }
}
