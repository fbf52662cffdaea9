package dev.procpool.codec;

import java.io.NotSerializableException;
import org.jspecify.annotations.Nullable;

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
  public CodecException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * Gives the same about a value that a task has returned: advice for another may be of no use for
   * it.
   *
   * @return an exception with fitting advice
   */
  public CodecException forResult() {
    String message = String.valueOf(getMessage());
    CodecException fitting =
        new CodecException(message.replace(Fault.MAKE_IN_TASK, "return what is needed of it"));
    fitting.initCause(getCause());
    return fitting;
  }

  /**
   * Gives what users' code threw. What serialization said by itself is in the message already.
   *
   * @return the exception; null if there is none
   */
  public @Nullable Throwable thrown() {
    Throwable thrown = this;
    while (thrown instanceof CodecException && thrown.getCause() != null) {
      thrown = thrown.getCause();
    }
    return thrown instanceof CodecException || thrown instanceof NotSerializableException
        ? null
        : thrown;
  }
}
