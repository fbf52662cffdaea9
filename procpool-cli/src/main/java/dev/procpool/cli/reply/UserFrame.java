package dev.procpool.cli.reply;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds where in a stack trace the user's own code is. Stateless. */
public final class UserFrame {

  private static final List<String> OTHERS =
      List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "dev.procpool.");

  private UserFrame() {}

  /** Gives the innermost frame of the user's, as {@code Price.price(Price.java:12)}, or null. */
  public static @Nullable String of(StackTraceElement... stack) {
    for (StackTraceElement frame : stack) {
      if (OTHERS.stream().noneMatch(frame.getClassName()::startsWith)) {
        String file = frame.getFileName() == null ? "unknown" : frame.getFileName();
        return frame.getClassName()
            + "."
            + frame.getMethodName()
            + "("
            + file
            + (frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : "")
            + ")";
      }
    }
    return null;
  }
}
