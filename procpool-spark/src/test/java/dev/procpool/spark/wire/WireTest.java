package dev.procpool.spark.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.spi.EncodedItem;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is written is read, and what ends in the middle is not taken for the whole. */
class WireTest {

  private static final byte[] BYTES = {1, 2, 3};

  @Test
  void bytesAreReadAsTheyWereWritten() throws Exception {
    for (byte[] bytes : Arrays.asList(BYTES, new byte[0], null)) {
      byte[] written = Wire.answer(out -> Wire.writeBytes(bytes, out));
      assertThat(Wire.readBytes(Wire.read(written))).isEqualTo(bytes);
    }
  }

  @Test
  void bytesThatEndInTheMiddleAreRefused() {
    byte[] written = Wire.answer(out -> Wire.writeBytes(BYTES, out));
    for (int length = Integer.BYTES; length < written.length; length++) {
      DataInputStream in = Wire.read(Arrays.copyOf(written, length));
      assertThatThrownBy(() -> Wire.readBytes(in))
          .isInstanceOf(IOException.class)
          .hasMessage("a message ends in the middle");
    }
  }

  @Test
  void aChunkThatEndsAnywhereBeforeItsEndIsRefused() throws Exception {
    Chunk chunk =
        new Chunk(
            1,
            2,
            3,
            List.of(
                new Chunk.Item(new EncodedItem(4, 5, BYTES, null), null, Set.of()),
                new Chunk.Item(
                    new EncodedItem(6, 7, BYTES, BYTES), Duration.ofMillis(8), Set.of("key"))));
    byte[] written = Wire.answer(chunk::write);
    Chunk read = Chunk.read(Wire.read(written));
    assertThat(Wire.answer(read::write)).isEqualTo(written);
    for (int length = 0; length < written.length; length++) {
      DataInputStream in = Wire.read(Arrays.copyOf(written, length));
      assertThatThrownBy(() -> Chunk.read(in))
          .as("the first %s bytes of %s", length, written.length)
          .satisfiesAnyOf(
              e -> assertThat(e).isInstanceOf(EOFException.class),
              e -> assertThat(e).hasMessage("a message ends in the middle"));
    }
  }
}
