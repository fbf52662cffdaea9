package dev.procpool.channel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How far an item has come, as it says in the {@link RunPage} and in its worker's report.
 *
 * @param word what identifies the item
 * @param fraction how much of it is done, from 0 to 1
 * @param text what it is at
 */
public record Note(long word, double fraction, String text) {

  /** The longest text that is kept, in UTF-8. */
  public static final int MAX_TEXT_BYTES = 1024;

  private static final int FRACTION = Long.BYTES;
  private static final int LENGTH = FRACTION + Double.BYTES;
  private static final int TEXT = LENGTH + Long.BYTES;

  /**
   * Makes bytes of the text.
   *
   * @return UTF-8, cut off between two characters where it is too long
   */
  public byte[] bytes() {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_TEXT_BYTES) {
      return bytes;
    }
    int length = MAX_TEXT_BYTES;
    while ((bytes[length] & 0xC0) == 0x80) { // in the middle of a character
      length--;
    }
    return Arrays.copyOf(bytes, length);
  }

  /**
   * Makes sense of what a worker says.
   *
   * @param word the item
   * @param fraction how much of it is done
   * @param bytes the text in UTF-8
   * @return the note, in one line; null if it makes no sense
   */
  public static @Nullable Note of(long word, double fraction, byte[] bytes) {
    if (!(fraction >= 0 && fraction <= 1) || bytes.length > MAX_TEXT_BYTES) {
      return null;
    }
    StringBuilder line = new StringBuilder(new String(bytes, StandardCharsets.UTF_8));
    for (int i = 0; i < line.length(); i++) {
      if (Character.isISOControl(line.charAt(i))) {
        line.setCharAt(i, ' '); // it may go to a log, or to a terminal
      }
    }
    return new Note(word, fraction, line.toString());
  }

  /** Writes this to shared memory. */
  void write(ByteBuffer memory, int at) {
    byte[] bytes = bytes();
    memory.putLong(at, word);
    memory.putDouble(at + FRACTION, fraction);
    memory.putLong(at + LENGTH, bytes.length);
    memory.put(at + TEXT, bytes);
  }

  /** Reads what a worker has written: null if it makes no sense, as while it is being written. */
  static @Nullable Note read(ByteBuffer memory, int at) {
    long length = memory.getLong(at + LENGTH);
    if (length < 0 || length > MAX_TEXT_BYTES) {
      return null;
    }
    byte[] bytes = new byte[(int) length];
    memory.get(at + TEXT, bytes);
    return of(memory.getLong(at), memory.getDouble(at + FRACTION), bytes);
  }
}
