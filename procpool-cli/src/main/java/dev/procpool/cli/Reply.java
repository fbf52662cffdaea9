package dev.procpool.cli;

import dev.procpool.TaskTimeoutException;
import dev.procpool.guard.SafeText;
import java.time.Duration;

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
record Reply(
    Status status,
    String json,
    String error,
    String message,
    String frame,
    String stack,
    String printed) {

  static Reply ok(String json) {
    return new Reply(Status.OK, json, null, null, null, null, null);
  }

  static Reply invalid(InvalidRowException e) {
    return new Reply(Status.INVALID, null, "InvalidRow", e.getMessage(), null, null, null);
  }

  /** The method returned what can't be told. */
  static Reply withoutJson(NoJsonFormException e, String stack) {
    return new Reply(Status.FAILED, null, "NoJsonForm", e.getMessage(), null, stack, null);
  }

  /** The method threw. What made a static initializer fail is told to its first cause. */
  static Reply failed(Throwable e, String stack) {
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
  static Reply overdue(Duration limit) {
    String message =
        "ran longer than " + limit.toMillis() + " ms, the limit by the median of others";
    return new Reply(
        Status.TIMED_OUT, null, TaskTimeoutException.class.getName(), message, null, null, null);
  }

  Reply withPrinted(String text) {
    return new Reply(status, json, error, message, frame, stack, text);
  }

  /** Says in a line what went wrong. */
  String what() {
    String text = message == null ? error : message;
    return status == Status.FAILED && message != null ? error + ": " + text : text;
  }
}
