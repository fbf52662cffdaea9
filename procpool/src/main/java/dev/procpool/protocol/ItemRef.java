package dev.procpool.protocol;

import dev.procpool.codec.ByteOutput;
import java.nio.ByteBuffer;

/**
 * Names an item by its chunk and its place therein.
 *
 * @param chunk the chunk's number, from 1, never used twice by a pool
 * @param offset the item's place in the chunk, from 0
 */
public record ItemRef(long chunk, int offset) {

  /** The size of a message that is one of these. */
  public static final int BYTES = Long.BYTES + Integer.BYTES;

  private static final int OFFSET_BITS = 20;

  /** The most items that a chunk may have, so that an item fits into one word of the run page. */
  public static final int MAX_CHUNK_ITEMS = 1 << OFFSET_BITS;

  /**
   * Packs the name into one word.
   *
   * @return the word, never 0
   */
  public long word() {
    return word(chunk, offset);
  }

  /**
   * Packs a name into one word.
   *
   * @param chunk the chunk's number
   * @param offset the item's place
   * @return the word, never 0
   */
  public static long word(long chunk, int offset) {
    return chunk << OFFSET_BITS | offset;
  }

  /**
   * Unpacks a word.
   *
   * @param word the word, not 0
   * @return the name
   */
  public static ItemRef ofWord(long word) {
    return new ItemRef(word >>> OFFSET_BITS, (int) word & (MAX_CHUNK_ITEMS - 1));
  }

  /**
   * Appends this to a message.
   *
   * @param out the message
   */
  public void write(ByteOutput out) {
    out.putLong(chunk);
    out.putInt(offset);
  }

  /**
   * Reads one from a message.
   *
   * @param in the message
   * @return the name
   * @throws ProtocolException if the message is too short
   */
  public static ItemRef read(ByteBuffer in) throws ProtocolException {
    ProtocolException.checkLength(in, BYTES);
    return new ItemRef(in.getLong(), in.getInt());
  }
}
