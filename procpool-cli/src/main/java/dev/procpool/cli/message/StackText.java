package dev.procpool.cli.message;

import dev.procpool.guard.SafeText;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Stack traces as text, for results. */
public final class StackText {

  private StackText() {}

  /** Gives what {@link Throwable#printStackTrace()} prints, or its text if it can't be printed. */
  public static String of(Throwable error) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      SafeText.print(error, out);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
