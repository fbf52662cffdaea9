package dev.procpool.codec;

/** The encoded form of a value is larger than the pool accepts. */
public final class PayloadTooLargeException extends CodecException {

  private static final long serialVersionUID = 1L;

  private final long size;
  private final long limit;

  /**
   * Makes the exception.
   *
   * @param size the size of the whole encoded value in bytes
   * @param limit how many bytes are allowed
   */
  public PayloadTooLargeException(long size, long limit) {
    super(
        "the value takes "
            + size
            + " bytes, more than the limit of "
            + limit
            + " bytes; "
            + (size > ByteOutput.MAX_ARRAY
                ? "so much can't be sent whole, pass it in parts"
                : "raise maxPayload, or pass less")
            + ": for example the name of a file instead of its content");
    this.size = size;
    this.limit = limit;
  }

  /**
   * Gives the size of the whole encoded value.
   *
   * @return bytes
   */
  public long size() {
    return size;
  }

  /**
   * Gives the limit that the size exceeds.
   *
   * @return bytes
   */
  public long limit() {
    return limit;
  }
}
