package dev.procpool.cli.message;

import org.jspecify.annotations.Nullable;

/** Wrong use of the command line: told in one line before any worker starts, exit code 2. */
public final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }

  public UsageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
