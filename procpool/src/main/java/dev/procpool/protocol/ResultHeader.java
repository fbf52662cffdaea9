package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;

/**
 * What precedes a result's payload.
 *
 * @param chunk the item's chunk
 * @param offset the item's place in the chunk
 * @param kind how the item ended
 * @param nanos how long it ran
 */
public record ResultHeader(long chunk, int offset, Kind kind, long nanos) {

  /** The size of the header. */
  public static final int BYTES = Long.BYTES + Integer.BYTES + 1 + Long.BYTES;

  private static final Kind[] KINDS = Kind.values();

  /** How an item ended, and what the payload is. */
  public enum Kind {
    /** The payload is the encoded value. */
    VALUE,
    /** The task threw; the payload is the encoded throwable. */
    THROWN,
    /** Something could not be serialized; the payload is a UTF-8 message. */
    NOT_SERIALIZABLE,
    /** The time limit passed; the payload is an encoded throwable with the stack. */
    TIMED_OUT,
    /** It was interrupted because its call was cancelled; no payload. */
    CANCELLED
  }

  /**
   * Appends this to a message.
   *
   * @param out the message
   */
  @SuppressWarnings("EnumOrdinal") // both sides run from the same jar
  public void write(ByteOutput out) {
    out.putLong(chunk);
    out.putInt(offset);
    out.putByte(kind.ordinal());
    out.putLong(nanos);
  }

  /**
   * Reads one from a message.
   *
   * @param in the message
   * @return the header
   * @throws IllegalArgumentException if the kind is unknown
   */
  public static ResultHeader read(ByteBuffer in) {
    long chunk = in.getLong();
    int offset = in.getInt();
    int kind = in.get();
    if (kind < 0 || kind >= KINDS.length) {
      throw new IllegalArgumentException("unknown kind of result: " + kind);
    }
    return new ResultHeader(chunk, offset, KINDS[kind], in.getLong());
  }
}
