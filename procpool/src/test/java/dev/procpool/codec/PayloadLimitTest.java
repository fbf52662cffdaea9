package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.procpool.function.Args;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PayloadLimitTest {

  private static final int LIMIT = 1000;

  record Holder(byte[] bytes) implements Serializable {}

  static List<Serializable> largeValues() {
    return List.of(
        new byte[5000],
        new double[700],
        "x".repeat(2000),
        "\u1234".repeat(2000),
        Args.of("x".repeat(2000), 1),
        Args.of(1, new Holder(new byte[3000])),
        Args.of("x".repeat(2000), new ArrayList<>(List.of(1, 2, new int[1]))),
        new ArrayList<>(Collections.nCopies(900, 300)),
        new Holder(new byte[100_000]));
  }

  @ParameterizedTest
  @MethodSource("largeValues")
  void tellsTheFullSizeAndStoresNoMore(Object value) throws CodecException {
    long full = Codecs.encode(value).length;
    ByteOutput out = new ByteOutput(0, Long.MAX_VALUE);
    out.putInt(1);
    PayloadTooLargeException failure =
        catchThrowableOfType(
            PayloadTooLargeException.class, () -> new Codec(null, LIMIT).encode(value, out));
    assertThat(failure.size()).isEqualTo(full);
    assertThat(failure.limit()).isEqualTo(LIMIT);
    assertThat(failure)
        .hasMessageContaining(full + " bytes")
        .hasMessageContaining(LIMIT + " bytes")
        .hasMessageContaining("raise maxPayload");
    assertThat(out.size()).isEqualTo(4);
    assertThat(out.array().length).isLessThan(4 * LIMIT);
    new Codec(null, LIMIT).encode("next", out);
    assertThat(out.size()).isEqualTo(10);
  }

  @Test
  void theLimitItselfFits() throws CodecException {
    Object value = new byte[500];
    int size = Codecs.encode(value).length;
    ByteOutput out = new ByteOutput(0, Long.MAX_VALUE);
    new Codec(null, size).encode(value, out);
    assertThat(out.size()).isEqualTo(size);
    assertThatThrownBy(() -> new Codec(null, size - 1).encode(value, out))
        .isInstanceOf(PayloadTooLargeException.class);
  }

  @Test
  void theBufferMayHaveTheLowerLimit() {
    ByteOutput out = new ByteOutput(0, 100);
    assertThatThrownBy(() -> Codecs.CODEC.encode(new byte[200], out))
        .isInstanceOf(PayloadTooLargeException.class)
        .hasMessageContaining("limit of 100 bytes");
  }

  /** Writes one array again and again: more than an array can hold, from little memory. */
  static final class Flood implements Serializable {
    private static final long serialVersionUID = 1L;

    private void writeObject(ObjectOutputStream out) throws IOException {
      byte[] block = new byte[1 << 20];
      for (int i = 0; i < 3000; i++) {
        out.write(block);
      }
    }
  }

  @Test
  void countsBeyondTwoGigabytes() {
    ByteOutput out = new ByteOutput(0, Long.MAX_VALUE);
    PayloadTooLargeException failure =
        catchThrowableOfType(
            PayloadTooLargeException.class,
            () -> new Codec(null, 1 << 20).encode(new Flood(), out));
    assertThat(failure.size()).isGreaterThan(3000L << 20);
    assertThat(failure).hasMessageContaining("pass it in parts");
    assertThat(out.array().length).isLessThan(1 << 22);
  }

  @Test
  void limitsMustBePositive() {
    assertThatThrownBy(() -> new Codec(null, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxPayload must be positive: 0");
    assertThatThrownBy(() -> new ByteOutput(1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit must be positive: -1");
  }
}
