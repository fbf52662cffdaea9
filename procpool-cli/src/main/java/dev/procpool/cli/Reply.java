package dev.procpool.cli;

import dev.procpool.guard.SafeText;
import java.io.Serializable;

/**
 * What a worker gives back for one row that it could deal with. Immutable.
 *
 * @param status {@link Status#OK}, {@link Status#FAILED} or {@link Status#INVALID}
 * @param json the value as JSON; null unless the status is OK
 * @param error the class of the exception; null if the status is OK
 * @param message the exception's message; may be null
 * @param stack the stack trace; null unless asked for
 */
record Reply(Status status, String json, String error, String message, String stack)
    implements Serializable {

  static Reply ok(String json) {
    return new Reply(Status.OK, json, null, null, null);
  }

  static Reply invalid(InvalidRowException e) {
    return new Reply(Status.INVALID, null, "InvalidRow", e.getMessage(), null);
  }

  /** The method returned what can't be told. */
  static Reply withoutJson(NoJsonFormException e, String stack) {
    return new Reply(Status.FAILED, null, "NoJsonForm", e.getMessage(), stack);
  }

  /** The method threw. What made a static initializer fail is told to its first cause. */
  static Reply failed(Throwable e, String stack) {
    String message = SafeText.message(e);
    if (e instanceof ExceptionInInitializerError) {
      Throwable thrown = SafeText.cause(e);
      String causes = thrown == null ? "" : CauseText.of(thrown);
      String type = ExceptionInInitializerError.class.getName();
      return new Reply(Status.FAILED, null, type, message + causes, stack);
    }
    return new Reply(Status.FAILED, null, e.getClass().getName(), message, stack);
  }
}
