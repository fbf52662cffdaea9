package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A worker's question for a class or another resource of one of the pool's class loaders.
 *
 * @param request the question's number in its worker
 * @param loader which loader
 * @param path the resource's path
 */
public record FetchMessage(long request, long loader, String path) {

  /**
   * Appends this to a message.
   *
   * @param out the message
   */
  public void write(ByteOutput out) {
    out.putLong(request);
    out.putLong(loader);
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
  }

  /**
   * Reads one from a message.
   *
   * @param in the message
   * @return the question
   */
  public static FetchMessage read(ByteBuffer in) {
    return new FetchMessage(
        in.getLong(), in.getLong(), StandardCharsets.UTF_8.decode(in).toString());
  }

  /**
   * The pool's answer.
   *
   * @param request the question's number
   * @param bytes the resource's content; null if there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // made, sent and dropped; never compared
  public record Answer(long request, byte @Nullable [] bytes) {

    /**
     * Appends this to a message, but for the content, which follows it.
     *
     * @param out the message
     */
    public void writeHead(ByteOutput out) {
      out.putLong(request);
      out.putByte(bytes == null ? 0 : 1);
    }

    /**
     * Reads one from a message.
     *
     * @param in the message
     * @return the answer
     */
    public static Answer read(ByteBuffer in) {
      long request = in.getLong();
      if (in.get() == 0) {
        return new Answer(request, null);
      }
      byte[] bytes = new byte[in.remaining()];
      in.get(bytes);
      return new Answer(request, bytes);
    }
  }
}
