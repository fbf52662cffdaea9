package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteOutputTest {

  private final ByteOutput out = new ByteOutput(0, 100);

  @Test
  void writesBigEndianAsDataStreamsRead() throws IOException {
    out.putByte(-2);
    out.putShort(-3);
    out.putInt(0x01020304);
    out.putLong(-5L);
    out.write(new byte[] {9, 8, 7}, 1, 2);
    out.write(255);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(out.toByteArray()));
    assertThat(in.readByte()).isEqualTo((byte) -2);
    assertThat(in.readShort()).isEqualTo((short) -3);
    assertThat(in.readInt()).isEqualTo(0x01020304);
    assertThat(in.readLong()).isEqualTo(-5L);
    assertThat(in.readNBytes(3)).containsExactly(8, 7, -1);
    assertThat(in.read()).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 16383, 16384, Integer.MAX_VALUE, Long.MAX_VALUE, -1})
  void variableNumbersComeBack(long value) throws CodecException {
    out.putVarLong(value);
    out.putVarInt((int) value);
    ByteInput in = new ByteInput(out.array(), 0, out.size());
    assertThat(in.readVarLong()).isEqualTo(value);
    assertThat(in.readVarInt()).isEqualTo((int) value);
    assertThat(in.remaining()).isZero();
  }

  @Test
  void overwritesOnlyWhatIsThere() {
    out.putLong(0);
    out.setInt(2, -1);
    assertThat(out.toByteArray()).containsExactly(0, 0, -1, -1, -1, -1, 0, 0);
    assertThatThrownBy(() -> out.setInt(5, 1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void truncatesAndResets() {
    out.putInt(0x01020304);
    out.truncate(2);
    out.putByte(9);
    assertThat(out.toByteArray()).containsExactly(1, 2, 9);
    assertThatThrownBy(() -> out.truncate(4)).isInstanceOf(IndexOutOfBoundsException.class);
    out.reset();
    assertThat(out.size()).isZero();
  }

  @Test
  void resetGivesBackMuchMemoryAndKeepsLittle() {
    out.write(new byte[1000], 0, 1000);
    byte[] little = out.array();
    out.reset();
    assertThat(out.array()).isSameAs(little);
    out.write(new byte[3 << 20], 0, 3 << 20);
    out.reset();
    assertThat(out.array()).isEmpty();
  }

  @Test
  void limitIsForValuesNotForWhatFramesThem() {
    out.write(new byte[500], 0, 500);
    assertThat(out.size()).isEqualTo(500);
  }

  @Test
  void whatFollowsALargeValueDoesNotMoveIt() {
    ByteOutput out = new ByteOutput(16, Long.MAX_VALUE);
    byte[] large = new byte[3_000_000];
    out.write(large, 0, large.length);
    byte[] array = out.array();
    out.putLong(1);
    out.putLong(2);
    out.putInt(3);
    out.putByte(4);

    assertThat(out.array()).isSameAs(array);
  }
}
