package dev.procpool.guard;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The pool's logger. What is logged may be a user's exception that can't be printed, and the
 * logging itself is the user's: neither may harm the thread that logs. Never throws.
 */
public final class SafeLog {

  private static final String NAME = "dev.procpool";

  private SafeLog() {}

  /**
   * Logs a message.
   *
   * @param level the level
   * @param message the message
   * @param error the exception to log with it; null for none
   */
  public static void log(Level level, String message, @Nullable Throwable error) {
    try {
      if (error == null || SafeText.isPrintable(error)) {
        System.getLogger(NAME).log(level, message, error);
      } else {
        System.getLogger(NAME).log(level, message + ": " + SafeText.of(error));
      }
    } catch (Throwable e) {
      // a logger that throws as well: nobody is left to be told
    }
  }
}
