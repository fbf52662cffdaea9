package dev.procpool.cli.message;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A run that can't go on; the message is a sentence that needs no more. */
public class BrokenOffException extends IOException {

  private static final long serialVersionUID = 1L;

  public BrokenOffException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
