package dev.procpool.testkit.chaos;

import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * One item of the run: what it does and from what its value is made. Immutable.
 *
 * @param index its place in its call
 * @param kind what it does
 * @param salt makes its value its own
 * @param ballast makes it large; made from the salt, so that damage shows
 */
record ChaosItem(int index, ItemKind kind, long salt, byte[] ballast) implements Serializable {

  private static final int BIG_BYTES = 50_000_000;

  /** Some are smaller than the ring that results go through, some larger. */
  private static final int MOST_MEDIUM_BYTES = 600_000;

  /** Makes an item. */
  static ChaosItem of(int index, ItemKind kind, long salt, int ballastBytes) {
    return new ChaosItem(index, kind, salt, bytes(salt, ballastBytes));
  }

  boolean isIntact() {
    return Arrays.equals(ballast, bytes(salt, ballast.length));
  }

  /** Makes the value. */
  Object value() {
    return switch (kind) {
      case BIG_RESULT -> big();
      case MEDIUM_RESULT -> bytes(salt, (int) Math.floorMod(salt, (long) MOST_MEDIUM_BYTES));
      default -> salt * 31 + index;
    };
  }

  /** Tells whether this is the value. */
  boolean isValue(Object value) {
    return value instanceof byte[] bytes
        ? value() instanceof byte[] expected && Arrays.equals(expected, bytes)
        : value().equals(value);
  }

  private byte[] big() {
    byte[] big = new byte[BIG_BYTES];
    Arrays.fill(big, (byte) salt);
    big[0] = (byte) index;
    big[BIG_BYTES - 1] = (byte) index;
    return big;
  }

  private static byte[] bytes(long salt, int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(salt).nextBytes(bytes);
    return bytes;
  }
}
