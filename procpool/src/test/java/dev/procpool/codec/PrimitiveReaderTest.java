package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.call.Primitive;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PrimitiveReaderTest {

  private final Codec codec = new Codec(null, Long.MAX_VALUE);
  private final PrimitiveReader reader = new PrimitiveReader();

  static List<Object> primitives() {
    List<Object> values = new ArrayList<>(List.of(true, false, 1.5f, Float.NaN, -0.0, Double.NaN));
    for (int shift = 0; shift < 64; shift++) {
      for (long sign : new long[] {1, -1}) {
        values.addAll(List.of(sign << shift, (sign << shift) - 1, (int) (sign << shift)));
      }
    }
    values.addAll(List.of(Integer.MIN_VALUE, Integer.MAX_VALUE, 0, -1, 0L, 1e300));
    return values;
  }

  private byte[] encoded(Object value) {
    ByteOutput out = new ByteOutput(16, Long.MAX_VALUE);
    out.putByte(99); // what is before it must not matter
    try {
      codec.encode(value, out);
    } catch (CodecException e) {
      throw new AssertionError(e);
    }
    out.putByte(99); // nor what is after it
    return out.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("primitives")
  void aPrimitiveIsReadAsTheCodecReadsIt(Object value) throws Exception {
    byte[] bytes = encoded(value);
    if (reader.read(bytes, 1, bytes.length - 2)) {
      assertThat(Primitive.box(reader.type(), reader.bits())).isEqualTo(value);
    } else { // the longest longs go the long way
      assertThat(value).isInstanceOf(Long.class);
      assertThat((long) value >>> 62).isBetween(1L, 2L); // its two highest bits differ
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void everythingElseIsLeftToTheCodec(Object value) {
    byte[] bytes = encoded(value);
    assertThat(reader.read(bytes, 1, bytes.length - 2)).isFalse();
  }

  static List<Object> others() {
    return List.of("7", 'c', (byte) 1, (short) 2, new int[] {1}, List.of(1), new BitSet());
  }

  @Test
  void whatItReadsOfDamagedBytesTheCodecReadsToo() throws Exception {
    Random random = new Random(7);
    int read = 0;
    for (int round = 0; round < 200_000; round++) {
      byte[] bytes = new byte[random.nextInt(13)];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = (byte) random.nextInt(12);
      }
      if (reader.read(bytes, 0, bytes.length)) {
        read++;
        Object value = codec.decode(bytes, 0, bytes.length, getClass().getClassLoader());
        assertThat(Primitive.box(reader.type(), reader.bits()))
            .as(Arrays.toString(bytes))
            .isEqualTo(value);
      }
    }
    assertThat(read).isGreaterThan(1000);
    assertThat(reader.read(new byte[0], 0, 0)).isFalse();
    assertThat(reader.read(new byte[] {(byte) Tag.TRUE}, 1, 1)).isFalse();
    assertThat(reader.read(new byte[] {(byte) Tag.TRUE}, -1, 1)).isFalse();
  }
}
