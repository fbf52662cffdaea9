package dev.procpool.spark.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.spi.Attempt;
import dev.procpool.spi.EncodedItem;
import dev.procpool.spi.WorkerName;
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
  void numbersTakeTheFewerBytesTheNearerTheyAreToZero() throws Exception {
    long[] numbers = {0, -1, 1, 63, -64, 64, 1 << 20, Long.MAX_VALUE, Long.MIN_VALUE};
    int[] sizes = {1, 1, 1, 1, 1, 2, 4, 10, 10};
    for (int i = 0; i < numbers.length; i++) {
      long number = numbers[i];
      byte[] written = Wire.answer(out -> Wire.writeNumber(number, out));
      assertThat(written).hasSize(sizes[i]);
      assertThat(Wire.readNumber(Wire.read(written))).isEqualTo(number);
    }
    byte[] endless = new byte[11];
    Arrays.fill(endless, (byte) -1);
    assertThatThrownBy(() -> Wire.readNumber(Wire.read(endless)))
        .isInstanceOf(IOException.class)
        .hasMessage("a number in a message has no end");
  }

  @Test
  void largeMessagesAreReadAsTheyWereWritten() throws Exception {
    byte[] large = new byte[100_000];
    large[99_999] = 7;
    byte[] written =
        Wire.answer(
            out -> {
              out.writeUTF("text");
              out.writeLong(-2);
              out.write(large);
              out.writeByte(-3);
            });
    DataInputStream in = Wire.read(written);
    assertThat(in.readUTF()).isEqualTo("text");
    assertThat(in.readLong()).isEqualTo(-2);
    assertThat(in.readNBytes(large.length)).isEqualTo(large);
    assertThat(in.available()).isOne();
    assertThat(in.read(new byte[5], 1, 4)).isOne();
    assertThat(in.read()).isEqualTo(-1);
    assertThat(in.read(large, 0, 1)).isEqualTo(-1);
  }

  @Test
  void valuesOfOneWorkerCrossTogether() throws Exception {
    WorkerName worker = WorkerName.of("node-7", 4711);
    Successes all = new Successes(5, 2, worker, 1);
    long[] indexes = {3, 4, 1L << 40, 0};
    for (int i = 0; i < indexes.length; i++) {
      all.add(indexes[i], 1_000_000_000L * i, new byte[100 * i]);
    }
    byte[] written = Wire.answer(all::write);
    Successes read = read(Wire.read(written));
    assertThat(read.call()).isEqualTo(5);
    assertThat(read.attempts()).isEqualTo(2);
    assertThat(read.worker()).isEqualTo(worker);
    assertThat(read.count()).isEqualTo(4);
    for (int i = 0; i < indexes.length; i++) {
      assertThat(read.index(i)).isEqualTo(indexes[i]);
      assertThat(read.nanos(i)).isEqualTo(1_000_000_000L * i);
      assertThat(read.length(i)).isEqualTo(100 * i);
      assertThat(read.outcome(i))
          .usingRecursiveComparison()
          .isEqualTo(
              new Attempt(indexes[i], 2, 1_000_000_000L * i, worker).succeeded(new byte[100 * i]));
    }
    for (int length = 0; length < written.length; length++) {
      DataInputStream in = Wire.read(Arrays.copyOf(written, length));
      assertThatThrownBy(() -> read(in))
          .as("the first %s bytes of %s", length, written.length)
          .satisfiesAnyOf(
              e -> assertThat(e).isInstanceOf(EOFException.class),
              e -> assertThat(e).hasMessage("a message ends in the middle"));
    }
  }

  private static Successes read(DataInputStream in) throws IOException {
    return Successes.read(in.readLong(), in);
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
                new Chunk.Item(new EncodedItem(5, 0, BYTES, null), null, Set.of()),
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
