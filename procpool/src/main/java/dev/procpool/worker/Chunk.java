package dev.procpool.worker;

import dev.procpool.protocol.ChunkHeader;
import java.nio.ByteBuffer;

/**
 * A run of consecutive items that the pool sent together.
 *
 * <p>{@link #claimed} and {@link #limit} are guarded by the {@link ChunkQueue}; the bytes are read
 * by the task thread alone.
 */
final class Chunk {

  final ChunkHeader header;

  /** How many items the task thread has taken. */
  int claimed;

  /** Items from here on were given back. */
  int limit;

  private final byte[] bytes;
  private int position;
  private int itemLength;

  Chunk(ChunkHeader header, byte[] items) {
    this.header = header;
    this.bytes = items;
    this.limit = header.count();
    this.position = -1;
  }

  /** Goes to the bytes of the item claimed last. */
  void advance() {
    int lengthAt = position < 0 ? 0 : position + itemLength;
    itemLength = ByteBuffer.wrap(bytes).getInt(lengthAt);
    position = lengthAt + Integer.BYTES;
  }

  byte[] bytes() {
    return bytes;
  }

  int itemOffset() {
    return position;
  }

  int itemLength() {
    return itemLength;
  }
}
