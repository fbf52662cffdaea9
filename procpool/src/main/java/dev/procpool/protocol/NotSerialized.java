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
   * @param codec decodes the exception
   * @param loader finds its classes
   * @return the report
   */
  public static NotSerialized read(byte[] bytes, Codec codec, ClassLoader loader) {
    int length = bytes.length < Integer.BYTES ? -1 : ByteBuffer.wrap(bytes).getInt();
    int rest = bytes.length - Integer.BYTES - length;
    if (length < 0 || rest < 0) {
      return new NotSerialized("its report was damaged", null);
    }
    String text = new String(bytes, Integer.BYTES, length, StandardCharsets.UTF_8);
    return new NotSerialized(
        text, rest == 0 ? null : codec.decodeThrowable(bytes, bytes.length - rest, rest, loader));
  }
}
