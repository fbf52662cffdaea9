package dev.procpool.guard;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * What users' objects say of themselves. Their {@code toString} and {@code getMessage} may throw
 * whatever they like, on threads that others depend on: then their class is told instead. Never
 * throws.
 */
public final class SafeText {

  private SafeText() {}

  /**
   * Gives the text of an object.
   *
   * @param object the object; may be null
   * @return what {@link String#valueOf(Object)} gives, or which class has no text to give
   */
  public static String of(@Nullable Object object) {
    if (object == null) {
      return "null";
    }
    try {
      return String.valueOf(object.toString());
    } catch (Throwable e) {
      return object.getClass().getName() + " (its toString threw " + e.getClass().getName() + ")";
    }
  }

  /**
   * Gives the message of an exception.
   *
   * @param error the exception
   * @return what {@link Throwable#getMessage()} gives, or that it gives nothing
   */
  public static @Nullable String message(Throwable error) {
    try {
      return error.getMessage();
    } catch (Throwable e) {
      return error.getClass().getName() + " (its getMessage threw " + e.getClass().getName() + ")";
    }
  }

  /**
   * Gives the cause of an exception.
   *
   * @param error the exception
   * @return what {@link Throwable#getCause()} gives; null if it throws
   */
  public static @Nullable Throwable cause(Throwable error) {
    try {
      return error.getCause();
    } catch (Throwable e) {
      return null;
    }
  }

  /**
   * Gives the stack trace of an exception.
   *
   * @param error the exception
   * @return what {@link Throwable#getStackTrace()} gives; empty if it throws
   */
  public static StackTraceElement[] stackTrace(Throwable error) {
    try {
      return error.getStackTrace().clone();
    } catch (Throwable e) {
      return new StackTraceElement[0];
    }
  }

  /**
   * Tells whether an exception can be printed as it is, with its causes.
   *
   * @param error the exception
   * @return whether its own code lets it
   */
  public static boolean isPrintable(Throwable error) {
    try {
      error.printStackTrace(new PrintWriter(Writer.nullWriter()));
      return true;
    } catch (Throwable e) {
      return false;
    }
  }

  /**
   * Prints an exception with its stack trace, or its text if it can't be printed.
   *
   * @param error the exception
   * @param out where to
   */
  public static void print(Throwable error, PrintStream out) {
    if (isPrintable(error)) {
      error.printStackTrace(out);
    } else {
      out.println(of(error));
    }
  }
}
