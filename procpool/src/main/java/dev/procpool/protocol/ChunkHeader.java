package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;

/**
 * What precedes a chunk's items. Each item is its length as an int and its bytes.
 *
 * @param chunk the chunk's number
 * @param call the call's number
 * @param firstIndex the index of the first item in its call; the others follow it
 * @param attempt how often each of these items has been started, this time included
 * @param count how many items there are
 */
public record ChunkHeader(long chunk, long call, long firstIndex, int attempt, int count) {

  /**
   * Appends this to a message.
   *
   * @param out the message
   */
  public void write(ByteOutput out) {
    out.putLong(chunk);
    out.putLong(call);
    out.putLong(firstIndex);
    out.putInt(attempt);
    out.putInt(count);
  }

  /**
   * Reads one from a message.
   *
   * @param in the message
   * @return the header
   */
  public static ChunkHeader read(ByteBuffer in) {
    return new ChunkHeader(in.getLong(), in.getLong(), in.getLong(), in.getInt(), in.getInt());
  }
}
