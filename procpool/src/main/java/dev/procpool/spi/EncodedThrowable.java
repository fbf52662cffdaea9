package dev.procpool.spi;

/**
 * What the task of an {@link EncodedTask} threw, as the worker has encoded it: the JVM that has the
 * worker does not know its class. {@code CallEncoder} makes of it what was thrown.
 *
 * @since 0.2.0
 */
public final class EncodedThrowable extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** The exception as its sender has encoded it. */
  private final byte[] bytes;

  /**
   * Makes one.
   *
   * @param bytes what the worker sent; not copied
   */
  public EncodedThrowable(byte[] bytes) {
    super(
        "an exception of a task that another JVM sent, " + bytes.length + " bytes",
        null,
        false,
        false);
    this.bytes = bytes;
  }

  /**
   * Gives what the worker sent.
   *
   * @return the bytes; not a copy
   */
  public byte[] bytes() {
    return bytes;
  }
}
