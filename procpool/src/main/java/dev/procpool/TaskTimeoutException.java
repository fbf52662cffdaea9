package dev.procpool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The item ran longer than its time limit. The stack trace is the task's, where it was stuck. */
public final class TaskTimeoutException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The time limit. */
  private final Duration limit;

  /**
   * Makes the exception.
   *
   * @param index the item that was stopped
   * @param limit its time limit
   * @param stack where it was stuck; may be empty
   */
  public TaskTimeoutException(long index, Duration limit, List<StackTraceElement> stack) {
    super(
        "item "
            + index
            + " ran longer than its time limit of "
            + TimeUnit.MILLISECONDS.convert(limit)
            + " ms"
            + (stack.isEmpty()
                ? "; its worker did not say where it was stuck, as if its heap were all but full,"
                    + " the process frozen or the machine overloaded"
                : ""));
    this.limit = limit;
    if (!stack.isEmpty()) {
      setStackTrace(stack.toArray(StackTraceElement[]::new));
    }
  }

  /**
   * Gives the time limit.
   *
   * @return the limit
   */
  public Duration limit() {
    return limit;
  }
}
