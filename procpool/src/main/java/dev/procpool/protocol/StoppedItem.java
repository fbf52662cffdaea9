package dev.procpool.protocol;

import dev.procpool.LimitKind;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;

/**
 * A worker's report that an item has run into a limit: which, and then an encoded throwable with
 * the stack of where it was.
 */
public final class StoppedItem {

  private static final LimitKind[] KINDS = LimitKind.values();

  private StoppedItem() {}

  /**
   * Appends a report to a message.
   *
   * @param kind which limit
   * @param stack carries the stack
   * @param out the message
   * @param codec encodes the stack
   */
  @SuppressWarnings("EnumOrdinal") // both sides run from the same jar
  public static void write(LimitKind kind, Throwable stack, ByteOutput out, Codec codec) {
    out.putByte(kind.ordinal());
    codec.encodeThrowable(stack, out);
  }

  /**
   * Reads which limit it was; the throwable is what follows the first byte.
   *
   * @param message holds the message
   * @param from where it begins
   * @param length its length
   * @return the limit
   * @throws ProtocolException if it is none
   */
  public static LimitKind kind(byte[] message, int from, int length) throws ProtocolException {
    int kind = length == 0 ? -1 : message[from];
    if (kind < 0 || kind >= KINDS.length) {
      throw new ProtocolException("unknown kind of limit: " + kind);
    }
    return KINDS[kind];
  }
}
