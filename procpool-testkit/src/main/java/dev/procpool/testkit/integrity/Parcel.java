package dev.procpool.testkit.integrity;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * A number and bytes of a random size with their checksum, in one array: what goes to a worker, and
 * what comes back.
 */
final class Parcel {

  private static final int NUMBER_AT = 0;
  private static final int SUM_AT = Long.BYTES;
  private static final int HEADER = 2 * Long.BYTES;

  /** Of a thousand parcels so many are that large at most. */
  private static final int[][] SIZES = {{700, 64}, {280, 1024}, {18, 8 * 1024}, {2, 100 * 1024}};

  private static final int THOUSAND = 1000;

  private Parcel() {}

  /** Makes one. Its size and bytes follow from seed and number. */
  static byte[] of(long number, long seed) {
    SplittableRandom random = new SplittableRandom(seed ^ number * 0x9E3779B97F4A7C15L);
    byte[] body = new byte[random.nextInt(1 + mostBytes(random.nextInt(THOUSAND)))];
    random.nextBytes(body);
    return ByteBuffer.allocate(HEADER + body.length)
        .putLong(number)
        .putLong(sum(number, body, 0, body.length))
        .put(body)
        .array();
  }

  private static int mostBytes(int place) {
    int left = place;
    for (int[] size : SIZES) {
      if (left < size[0]) {
        return size[1];
      }
      left -= size[0];
    }
    throw new AssertionError("sizes of less than " + THOUSAND);
  }

  /** Gives its number; -1 if it is damaged. */
  static long check(byte[] parcel) {
    if (parcel == null || parcel.length < HEADER) {
      return -1;
    }
    ByteBuffer in = ByteBuffer.wrap(parcel);
    long number = in.getLong(NUMBER_AT);
    return in.getLong(SUM_AT) == sum(number, parcel, HEADER, parcel.length - HEADER) ? number : -1;
  }

  private static long sum(long number, byte[] bytes, int from, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, from, length);
    return number * 31 + sum.getValue();
  }
}
