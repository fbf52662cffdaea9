package dev.procpool.codec;

/**
 * A value can't be turned into bytes, or bytes not back into a value.
 *
 * <p>The message tells what and where: the class at fault and the path to it. Callers wrap it and
 * add the number of the item.
 */
public class CodecException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what is at fault, and where
   */
  public CodecException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what is at fault, and where
   * @param cause what serialization reported; may be null
   */
  public CodecException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Turns a message about a value into one about a value that a task has returned: advice for the
   * one may be of no use for the other.
   *
   * @param message the message
   * @return the other message
   */
  public static String forResult(String message) {
    return message.replace(Fault.MAKE_IN_TASK, "return what is needed of it");
  }
}
