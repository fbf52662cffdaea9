package dev.procpool.protocol;

import dev.procpool.LimitKind;
import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import dev.procpool.guard.SafeText;
import java.io.ObjectInputFilter;
import java.util.List;

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
   * Reads which limit it was.
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

  /**
   * Reads where it was, without any code but the JDK's, on whatever thread.
   *
   * @param message holds the message, of which {@link #kind} was read
   * @param from where it begins
   * @param length its length
   * @return the stack; what can't be read is empty, or tells why
   */
  public static List<StackTraceElement> stack(byte[] message, int from, int length) {
    ClassLoader own = StoppedItem.class.getClassLoader();
    Throwable carrier = Stacks.CODEC.decodeThrowable(message, from + 1, length - 1, own);
    return List.of(SafeText.stackTrace(carrier));
  }

  /** Made by who reads stacks, which no worker does. */
  private static final class Stacks {

    /** Takes a plain exception and nothing else, so that no class of anybody's gets to run. */
    static final Codec CODEC =
        new Codec(
            ObjectInputFilter.Config.createFilter(
                "maxdepth=16;java.lang.Throwable;java.lang.StackTraceElement;java.lang.String;"
                    + "java.lang.Object;java.util.ArrayList;java.util.Collections$*;!*"),
            Integer.MAX_VALUE);
  }
}
