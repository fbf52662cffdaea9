package dev.procpool.view;

import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a failure says of itself, cut to a length. Users' exceptions may throw when they are asked:
 * then that is said instead. Immutable.
 *
 * @param type the class of the exception
 * @param message its message; may be empty
 * @param stack its stack trace; may be empty
 */
record FailureText(String type, String message, String stack) {

  private static final int MOST_MESSAGE = 1_000;
  private static final int MOST_STACK = 8_000;
  private static final int MOST_KEY = 200;
  private static final Pattern FIGURES = Pattern.compile("[0-9]+");

  static FailureText of(Outcome<?> outcome) {
    Throwable failure = outcome.failure().orElse(null);
    if (failure == null) {
      return new FailureText(outcome.getClass().getSimpleName(), "", "");
    }
    return new FailureText(
        failure.getClass().getName(), cut(message(failure), MOST_MESSAGE), stack(outcome, failure));
  }

  /** What is the same for failures that are alike. */
  static String key(OutcomeKind kind, Outcome<?> outcome) {
    Throwable failure = outcome.failure().orElse(null);
    String type = failure == null ? "" : failure.getClass().getName();
    String message = failure == null ? "" : cut(message(failure), MOST_KEY);
    return kind + " " + type + " " + FIGURES.matcher(message).replaceAll("#");
  }

  private static String message(Throwable failure) {
    try {
      @Nullable String message = failure.getMessage();
      return message == null ? "" : message;
    } catch (Throwable e) { // the user's own code
      return "(its getMessage threw " + e.getClass().getName() + ")";
    }
  }

  private static String stack(Outcome<?> outcome, Throwable failure) {
    if (outcome instanceof Outcome.TimedOut<?> late && !late.stack().isEmpty()) {
      StringBuilder frames = new StringBuilder("where it was stuck:\n");
      late.stack().forEach(frame -> frames.append("\tat ").append(frame).append('\n'));
      return cut(frames.toString(), MOST_STACK);
    }
    try {
      StringWriter text = new StringWriter();
      failure.printStackTrace(new PrintWriter(text));
      return cut(text.toString(), MOST_STACK);
    } catch (Throwable e) { // the user's own code
      return "(its printStackTrace threw " + e.getClass().getName() + ")";
    }
  }

  static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + " …";
  }
}
