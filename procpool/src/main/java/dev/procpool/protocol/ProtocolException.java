package dev.procpool.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A worker has sent what no worker that keeps to the protocol sends: only the worker is to blame.
 *
 * <p>Thrown where a worker's bytes are parsed and its claims are checked, and nowhere else. It is
 * checked, so that no fault of our own is ever taken for a worker's: whatever else is thrown while
 * a worker's frames are handled is such a fault.
 */
public final class ProtocolException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what the worker has sent
   */
  public ProtocolException(String message) {
    super(message);
  }

  /**
   * Checks what a worker claims.
   *
   * @param agreed whether it may
   * @param otherwise what it has sent if not
   * @throws ProtocolException if it may not
   */
  public static void check(boolean agreed, String otherwise) throws ProtocolException {
    if (!agreed) {
      throw new ProtocolException(otherwise);
    }
  }

  /**
   * Checks that a message has as much left as is about to be read.
   *
   * @param in the message
   * @param bytes how much
   * @throws ProtocolException if it is shorter
   */
  public static void checkLength(ByteBuffer in, int bytes) throws ProtocolException {
    if (in.remaining() < bytes) {
      throw new ProtocolException(
          "a message ends after " + in.limit() + " bytes, " + (bytes - in.remaining()) + " early");
    }
  }
}
