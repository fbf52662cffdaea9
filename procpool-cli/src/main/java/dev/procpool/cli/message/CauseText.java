package dev.procpool.cli.message;

import dev.procpool.guard.SafeText;

/** What lies behind an error, for messages of one line. Stateless. */
public final class CauseText {

  private static final int MOST = 5;

  private CauseText() {}

  /**
   * Gives the causes of an error, nearest first, each with {@code ", caused by "} before it; empty
   * if there is none. One whose text its effect has as its own message is not said twice.
   */
  public static String of(Throwable error) {
    StringBuilder text = new StringBuilder();
    Throwable effect = error;
    Throwable cause = SafeText.cause(effect);
    for (int i = 0; cause != null && i < MOST; i++) {
      String said = SafeText.of(cause);
      if (!said.equals(SafeText.message(effect))) {
        text.append(", caused by ").append(said);
      }
      effect = cause;
      cause = SafeText.cause(effect);
    }
    return text.toString();
  }
}
