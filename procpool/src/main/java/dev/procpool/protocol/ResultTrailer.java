package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What follows a result's payload: at the end, since how long the item took is known last.
 *
 * @param chunk the item's chunk
 * @param offset the item's place in the chunk
 * @param kind how the item ended
 * @param nanos how long it ran
 */
public record ResultTrailer(long chunk, int offset, Kind kind, long nanos) {

  /** The size of the trailer. */
  public static final int BYTES = Long.BYTES + Integer.BYTES + 1 + Long.BYTES;

  private static final int OFFSET = Long.BYTES;
  private static final int KIND = OFFSET + Integer.BYTES;
  private static final int NANOS = KIND + 1;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final Kind[] KINDS = Kind.values();

  /** How an item ended, and what the payload is. */
  public enum Kind {
    /** The payload is the encoded value. */
    VALUE,
    /** The task threw; the payload is the encoded throwable. */
    THROWN,
    /** Something could not be serialized; the payload is a {@link NotSerialized}. */
    NOT_SERIALIZABLE,
    /** It ran into a limit; the payload is what {@link StoppedItem} writes. */
    TIMED_OUT,
    /** It was interrupted because its call was cancelled; no payload. */
    CANCELLED,
    /** The value is larger than the pool accepts; the payload is its size, a {@code long}. */
    TOO_LARGE,
    /** It has not ended; the payload is an encoded part of its value. */
    PART,
    /**
     * It has not ended, but is about to without a value; the payload is how far it had come: the
     * fraction, a {@code double}, and the note in UTF-8.
     */
    PROGRESS;

    /** Tells whether the item has ended. */
    public boolean isEnd() {
      return this != PART && this != PROGRESS;
    }
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
   * Reads one from the end of a message.
   *
   * @param message holds the message
   * @param from where the message begins
   * @param length its length
   * @return the trailer
   * @throws ProtocolException if the message is too short, the kind is unknown, or the time is
   *     negative
   */
  public static ResultTrailer read(byte[] message, int from, int length) throws ProtocolException {
    if (length < BYTES) {
      throw new ProtocolException("a result of " + length + " bytes has no trailer");
    }
    int at = from + length - BYTES;
    int kind = message[at + KIND];
    if (kind < 0 || kind >= KINDS.length) {
      throw new ProtocolException("unknown kind of result: " + kind);
    }
    long nanos = (long) LONG.get(message, at + NANOS);
    if (nanos < 0) {
      throw new ProtocolException("an item that ran for " + nanos + " ns");
    }
    return new ResultTrailer(
        (long) LONG.get(message, at), (int) INT.get(message, at + OFFSET), KINDS[kind], nanos);
  }

  /**
   * Reads how long an item ran, which is all that follows the value of a {@link
   * ToParent#NEXT_VALUE}.
   *
   * @param message holds the message
   * @param at where the number begins; four bytes are there
   * @return nanoseconds
   */
  public static long shortNanos(byte[] message, int at) {
    return Math.max(0, (int) INT.get(message, at));
  }
}
