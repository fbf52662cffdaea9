package dev.procpool.codec;

import dev.procpool.RemoteTaskException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an exception says, as text of bounded size.
 *
 * @param className the binary name of its class
 * @param message its message; may be null
 * @param stack what {@code printStackTrace} prints
 */
record ThrowableText(@Nullable String className, @Nullable String message, @Nullable String stack) {

  /** Asks an exception, which may answer by throwing. */
  static ThrowableText of(Throwable error, int most) {
    String message = ask(error::getMessage, e -> "(getMessage threw " + nameOf(e) + ")");
    String stack = ask(() -> print(error, most), e -> printFrames(error, e, most));
    return new ThrowableText(nameOf(error), cut(message, most / 4), stack);
  }

  private static @Nullable String ask(
      Supplier<String> answer, Function<Throwable, String> instead) {
    try {
      return answer.get();
    } catch (Throwable e) {
      return instead.apply(e);
    }
  }

  private static String nameOf(Throwable error) {
    return error.getClass().getName();
  }

  private static String print(Throwable error, int most) {
    BoundedWriter text = new BoundedWriter(most);
    error.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** Prints the stack without the exception's help. */
  private static String printFrames(Throwable error, Throwable failure, int most) {
    BoundedWriter text = new BoundedWriter(most);
    PrintWriter lines = new PrintWriter(text);
    lines.println(nameOf(error) + " (printStackTrace threw " + nameOf(failure) + ")");
    try {
      for (StackTraceElement frame : error.getStackTrace()) {
        lines.println("\tat " + frame);
      }
    } catch (Throwable e) {
      lines.println("\t(getStackTrace threw " + nameOf(e) + ")");
    }
    return text.toString();
  }

  private static @Nullable String cut(@Nullable String text, int most) {
    return text == null || text.length() <= most
        ? text
        : text.substring(0, most) + "... (" + text.length() + " characters)";
  }

  RemoteTaskException toException() {
    return new RemoteTaskException(
        className == null ? "(unknown)" : className, message, stack == null ? "" : stack);
  }

  /** A writer that keeps the beginning. */
  private static final class BoundedWriter extends Writer {

    private final StringBuilder text = new StringBuilder();
    private final int most;

    BoundedWriter(int most) {
      this.most = most;
    }

    @Override
    public void write(char[] chars, int offset, int length) {
      text.append(chars, offset, Math.min(length, most - text.length()));
    }

    @Override
    public void write(String chars, int offset, int length) { // no copy of a huge message
      text.append(chars, offset, offset + Math.min(length, most - text.length()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
      return text.length() < most ? text.toString() : text + "... (cut)";
    }
  }
}
