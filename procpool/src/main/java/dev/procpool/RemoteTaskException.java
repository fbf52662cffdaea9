package dev.procpool;

import org.jspecify.annotations.Nullable;

/**
 * Stands for a task's exception that could not cross to the caller: it can't be serialized, or its
 * class can't be loaded here.
 */
public class RemoteTaskException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The class of the task's exception. */
  private final String className;

  /** Its message; may be null. */
  private final @Nullable String remoteMessage;

  /** Its stack trace as text. */
  private final String remoteStack;

  /**
   * Makes the exception.
   *
   * @param className the class of the task's exception
   * @param remoteMessage its message; may be null
   * @param remoteStack its whole stack trace as text, causes included
   */
  public RemoteTaskException(String className, @Nullable String remoteMessage, String remoteStack) {
    super(
        className
            + (remoteMessage == null ? "" : ": " + remoteMessage)
            + System.lineSeparator()
            + "in the worker: "
            + remoteStack.stripTrailing());
    this.className = className;
    this.remoteMessage = remoteMessage;
    this.remoteStack = remoteStack;
  }

  /**
   * Gives the class of the task's exception.
   *
   * @return the binary name
   */
  public String className() {
    return className;
  }

  /**
   * Gives the message of the task's exception.
   *
   * @return the message; may be null
   */
  public @Nullable String remoteMessage() {
    return remoteMessage;
  }

  /**
   * Gives the stack trace of the task's exception as text.
   *
   * @return what {@code printStackTrace} printed in the worker
   */
  public String remoteStack() {
    return remoteStack;
  }
}
