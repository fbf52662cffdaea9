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
}
