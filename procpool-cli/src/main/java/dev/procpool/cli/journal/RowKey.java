package dev.procpool.cli.journal;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The name of a row's content: rows of the same content have the same key, wherever they stand in
 * the input. 128 bits of a SHA-256, so that two contents with one key are not met. Immutable.
 *
 * @param high the first half
 * @param low the second half
 */
public record RowKey(long high, long low) {

  private static final int BYTES = 2 * Long.BYTES;

  /** Takes the first bytes of a hash. */
  static RowKey of(byte[] hash) {
    ByteBuffer bytes = ByteBuffer.wrap(hash);
    return new RowKey(bytes.getLong(), bytes.getLong());
  }

  /** Reads what {@link #text} wrote; null if it is something else. */
  static @Nullable RowKey parse(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      return bytes.length == BYTES ? of(bytes) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Gives 22 letters, digits, {@code -} and {@code _}. */
  String text() {
    byte[] bytes = ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
