package dev.procpool.nesting;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the static initializers that a thread is in.
 *
 * <p>By its stack as text, which takes a cold JVM a hundredth of the time of a {@link StackWalker}.
 */
final class StaticInitializer {

  private static final String METHOD = "<clinit>";

  private StaticInitializer() {}

  /** Finds the innermost one in a stack; null if there is none. */
  static @Nullable StackTraceElement innermost(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      if (frame.getMethodName().equals(METHOD)) {
        return frame;
      }
    }
    return null;
  }

  /** Finds all that this thread is in, the innermost first. */
  static List<StackTraceElement> allOfThisThread() {
    List<StackTraceElement> frames = new ArrayList<>();
    for (StackTraceElement frame : new Throwable().getStackTrace()) {
      if (frame.getMethodName().equals(METHOD)) {
        frames.add(frame);
      }
    }
    return frames;
  }

  /** Names a class and the line that its initializer is at. */
  static String describe(StackTraceElement frame) {
    String file = frame.getFileName();
    int line = frame.getLineNumber();
    return "class "
        + frame.getClassName()
        + (file == null || line < 0 ? "" : " (" + file + ":" + line + ")");
  }
}
