package dev.procpool.process;

/**
 * There was no descriptor to ask the system with: what was asked for may be there all the same.
 * Whoever takes "not seen" for "not there" would leave processes behind; so it is an exception.
 */
public final class ShortageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * Makes one.
   *
   * @param path what could not be opened
   */
  ShortageException(String path) {
    super("Too many open files: " + path + " can't be read", null, false, false);
  }
}
