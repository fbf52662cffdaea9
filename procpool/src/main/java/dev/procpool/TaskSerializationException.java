package dev.procpool;

import org.jspecify.annotations.Nullable;

/**
 * A task, an argument or a result can't be turned into bytes, or the bytes not back into an object.
 * The message names the item and the path to the field at fault.
 */
public class TaskSerializationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what could not be serialized, of which item, at which field, and what to do
   * @param cause what serialization reported; may be null
   */
  public TaskSerializationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
