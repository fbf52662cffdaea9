package dev.procpool.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What precedes a piece of a worker's output in the stream itself, and says which item the worker
 * was running when it printed the piece. Immutable.
 *
 * <p>On the wire: a key that only the pool and this worker know, this record's numbers, the length
 * of the piece as a short, the piece. Mark and piece are written at once and are no longer than
 * what a pipe takes in one go, so what native code or a child process writes to the same stream
 * comes before or after them, never between.
 *
 * @param call the call's number
 * @param index the item's index in its call
 * @param attempt how often the item has been started, this time included
 */
public record OutputMark(long call, long index, int attempt) {

  /** The length of a key. */
  public static final int KEY_BYTES = 16;

  /** The length of a mark with its key and the length of the piece. */
  public static final int BYTES = KEY_BYTES + 2 * Long.BYTES + Integer.BYTES + Short.BYTES;

  /** The longest piece: Linux writes 4096 bytes to a pipe at once or not at all. */
  public static final int MAX_PIECE_BYTES = 4096 - BYTES;

  /**
   * Makes a key: a zero, which text does not have, and bytes that nobody guesses, none of them
   * zero, so that a key begins nowhere within another.
   *
   * @return the key
   */
  public static byte[] newKey() {
    byte[] key = SystemRandom.bytes(KEY_BYTES);
    key[0] = 0;
    for (int i = 1; i < KEY_BYTES; i++) {
      key[i] |= 1;
    }
    return key;
  }

  /**
   * Appends the key, this mark and a piece.
   *
   * @param key the key
   * @param piece an array with the piece
   * @param offset where it begins
   * @param length its length, at most {@link #MAX_PIECE_BYTES}
   * @param out takes them
   */
  public void write(byte[] key, byte[] piece, int offset, int length, ByteBuffer out) {
    out.put(key).putLong(call).putLong(index).putInt(attempt).putShort((short) length);
    out.put(piece, offset, length);
  }

  /**
   * By hand: that of a record, made at run time, leaves our class loader with the JDK 17's caches.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OutputMark mark
        && mark.call == call
        && mark.index == index
        && mark.attempt == attempt;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(call) * 31 + Long.hashCode(index) + attempt;
  }
}
