package dev.procpool.cli.reply;

import dev.procpool.TaskTimeoutException;
import dev.procpool.cli.message.CauseText;
import dev.procpool.cli.row.InvalidRowException;
import dev.procpool.cli.value.NoJsonFormException;
import dev.procpool.guard.SafeText;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a worker gives back for one row that it could deal with. Immutable.
 *
 * @param status {@link Status#OK}, {@link Status#FAILED} or {@link Status#INVALID}
 * @param json the value as JSON; null unless the status is OK
 * @param error the class of the exception; null if the status is OK
 * @param message the exception's message; may be null
 * @param frame the first frame of the user's in the exception's stack trace; may be null
 * @param stack the stack trace; null unless asked for
 * @param printed what the item printed; null unless asked for
 */
public record Reply(
    Status status,
    @Nullable String json,
    @Nullable String error,
    @Nullable String message,
    @Nullable String frame,
    @Nullable String stack,
    @Nullable String printed) {

  private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  public static Reply ok(String json) {
    return new Reply(Status.OK, json, null, null, null, null, null);
  }

  public static Reply invalid(InvalidRowException e) {
    return new Reply(Status.INVALID, null, "InvalidRow", e.getMessage(), null, null, null);
  }

  /** The method returned what can't be told. */
  public static Reply withoutJson(NoJsonFormException e, @Nullable String stack) {
    return new Reply(Status.FAILED, null, "NoJsonForm", e.getMessage(), null, stack, null);
  }

  /** The method threw. What made a static initializer fail is told to its first cause. */
  public static Reply failed(Throwable e, @Nullable String stack) {
    String message = SafeText.message(e);
    String frame = UserFrame.of(SafeText.stackTrace(e));
    if (e instanceof ExceptionInInitializerError) {
      Throwable thrown = SafeText.cause(e);
      String causes = thrown == null ? "" : CauseText.of(thrown);
      String type = ExceptionInInitializerError.class.getName();
      return new Reply(Status.FAILED, null, type, message + causes, frame, stack, null);
    }
    return new Reply(Status.FAILED, null, e.getClass().getName(), message, frame, stack, null);
  }

  /** One of the first items took much longer than the others. */
  public static Reply overdue(Duration limit) {
    String message =
        "ran longer than " + limit.toMillis() + " ms, the limit by the median of others";
    return new Reply(
        Status.TIMED_OUT, null, TaskTimeoutException.class.getName(), message, null, null, null);
  }

  public Reply withPrinted(String text) {
    return new Reply(status, json, error, message, frame, stack, text);
  }

  /** Gives the value as JSON, of a reply that is OK. */
  public String value() {
    return Objects.requireNonNull(json);
  }

  /** Gives the kind of error, of a reply that is not OK. */
  public String errorType() {
    return Objects.requireNonNull(error);
  }

  /** Says in a line what went wrong. */
  public String what() {
    String text = message == null ? errorType() : message;
    return status == Status.FAILED && message != null ? error + ": " + text : text;
  }

  /** What two failures have in common that are alike: all but the numbers and quoted values. */
  public String kind() {
    if (status == Status.TIMED_OUT) {
      return status.text();
    }
    if (frame != null) {
      return status.text() + " " + error + " at " + frame;
    }
    String first = message == null ? "" : message.lines().findFirst().orElse("");
    String plain = NUMBER.matcher(QUOTED.matcher(first).replaceAll("'...'")).replaceAll("N");
    return status.text() + " " + error + (plain.isEmpty() ? "" : ": " + plain);
  }
}
