package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import dev.procpool.codec.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A worker's report that something of an item could not be serialized, or not be read back.
 *
 * @param message what, where and what to do
 * @param thrown what users' code threw meanwhile; null if it threw nothing
 */
public record NotSerialized(String message, @Nullable Throwable thrown) {

  /** Reads an exception that a worker has encoded; never fails. */
  @FunctionalInterface
  public interface ThrowableReader {

    /**
     * Reads it.
     *
     * @param bytes where it is
     * @param offset where it begins
     * @param length how many bytes it takes
     * @return the exception
     */
    Throwable read(byte[] bytes, int offset, int length);
  }

  /**
   * Appends this to a message.
   *
   * @param out the message
   * @param codec encodes the exception
   */
  public void write(ByteOutput out, Codec codec) {
    byte[] text = message.getBytes(StandardCharsets.UTF_8);
    out.putInt(text.length);
    out.write(text, 0, text.length);
    if (thrown != null) {
      codec.encodeThrowable(thrown, out);
    }
  }

  /**
   * Reads one; never fails.
   *
   * @param bytes what a worker sent
   * @param thrown decodes the exception
   * @return the report
   */
  public static NotSerialized read(byte[] bytes, ThrowableReader thrown) {
    int length = bytes.length < Integer.BYTES ? -1 : ByteBuffer.wrap(bytes).getInt();
    int rest = bytes.length - Integer.BYTES - length;
    if (length < 0 || rest < 0) {
      return new NotSerialized("its report was damaged", null);
    }
    String text = new String(bytes, Integer.BYTES, length, StandardCharsets.UTF_8);
    return new NotSerialized(
        text, rest == 0 ? null : thrown.read(bytes, bytes.length - rest, rest));
  }
}
