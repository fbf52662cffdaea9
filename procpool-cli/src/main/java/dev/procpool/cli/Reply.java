package dev.procpool.cli;

import dev.procpool.guard.SafeText;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a worker gives back for one row that it could deal with. Immutable.
 *
 * @param status {@link Status#OK}, {@link Status#FAILED} or {@link Status#INVALID}
 * @param json the value as JSON; null unless the status is OK
 * @param error the class of the exception; null if the status is OK
 * @param message the exception's message; may be null
 * @param stack the stack trace; null unless asked for
 */
record Reply(
    Status status,
    @Nullable String json,
    @Nullable String error,
    @Nullable String message,
    @Nullable String stack)
    implements Serializable {

  static Reply ok(String json) {
    return new Reply(Status.OK, json, null, null, null);
  }

  static Reply invalid(InvalidRowException e) {
    return new Reply(Status.INVALID, null, "InvalidRow", e.getMessage(), null);
  }

  static Reply failed(Throwable e, @Nullable String stack) {
    return new Reply(Status.FAILED, null, e.getClass().getName(), SafeText.message(e), stack);
  }
}
