package dev.procpool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The item ran into a limit: of time, of time without progress, or of processor time. The stack
 * trace is the task's, where it was stuck.
 */
public final class TaskTimeoutException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Which limit. */
  private final LimitKind kind;

  /** The limit. */
  private final Duration limit;

  /** Whether it was the worker's first item. */
  private final boolean firstOfWorker;

  /**
   * Makes the exception for an item that was not the first of its worker.
   *
   * @param index the item that was stopped
   * @param limit its time limit
   * @param stack where it was stuck; may be empty
   */
  public TaskTimeoutException(long index, Duration limit, List<StackTraceElement> stack) {
    this(index, LimitKind.RUN_TIME, limit, stack, false);
  }

  /**
   * Makes the exception.
   *
   * @param index the item that was stopped
   * @param kind which limit it ran into
   * @param limit the limit
   * @param stack where it was stuck; may be empty
   * @param firstOfWorker whether it was the first item of its worker process
   * @since 0.2.0
   */
  public TaskTimeoutException(
      long index,
      LimitKind kind,
      Duration limit,
      List<StackTraceElement> stack,
      boolean firstOfWorker) {
    super(
        "item "
            + index
            + " "
            + kind.exceeded(TimeUnit.MILLISECONDS.convert(limit))
            + (stack.isEmpty()
                ? "; its worker did not say where it was stuck, as if its heap were all but full,"
                    + " the process frozen or the machine overloaded"
                : "")
            + (firstOfWorker
                ? "; it was the first item of its worker, which had to load its classes: warm up in"
                    + " the initializer, or give more time"
                : ""));
    this.kind = kind;
    this.limit = limit;
    this.firstOfWorker = firstOfWorker;
    if (!stack.isEmpty()) {
      setStackTrace(stack.toArray(StackTraceElement[]::new));
    }
  }

  /**
   * Tells which limit it was.
   *
   * @return the kind
   * @since 0.2.0
   */
  public LimitKind kind() {
    return kind;
  }

  /**
   * Gives the limit.
   *
   * @return the limit
   */
  public Duration limit() {
    return limit;
  }

  /**
   * Tells whether it was the first item of its worker process. Loading classes counted against its
   * limit then.
   *
   * @return whether it was the first
   * @since 0.2.0
   */
  public boolean isFirstOfWorker() {
    return firstOfWorker;
  }
}
