package dev.procpool.testkit.chaos;

import java.io.Serializable;
import java.util.Arrays;

/**
 * One item of the run: what it does and from what its value is made. Immutable.
 *
 * @param index its place in its call
 * @param kind what it does
 * @param salt makes its value its own
 */
record ChaosItem(int index, ItemKind kind, long salt) implements Serializable {

  private static final int BIG_BYTES = 50_000_000;

  /** Makes the value. */
  Object value() {
    if (kind != ItemKind.BIG_RESULT) {
      return salt * 31 + index;
    }
    byte[] big = new byte[BIG_BYTES];
    Arrays.fill(big, (byte) salt);
    big[0] = (byte) index;
    big[BIG_BYTES - 1] = (byte) index;
    return big;
  }

  /** Tells whether this is the value. */
  boolean isValue(Object value) {
    return value instanceof byte[] bytes
        ? value() instanceof byte[] expected && Arrays.equals(expected, bytes)
        : value().equals(value);
  }
}
