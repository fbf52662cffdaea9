package dev.procpool.local.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.Progress;
import dev.procpool.channel.Note;
import dev.procpool.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a worker says of an item before its end. */
class RemainsTest {

  @Test
  void howFarAnItemHasCome() throws ProtocolException {
    byte[] message = message(0.5, "páge 1");
    assertThat(Remains.progress(message, 0, message.length)).isEqualTo(new Progress(0.5, "páge 1"));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    for (byte[] message :
        new byte[][] {
          new byte[7],
          message(Double.NaN, ""),
          message(2, "x"),
          message(1, "x".repeat(Note.MAX_TEXT_BYTES + 1))
        }) {
      assertThatExceptionOfType(ProtocolException.class)
          .isThrownBy(() -> Remains.progress(message, 0, message.length));
    }
  }

  @Test
  void anyBytesAreReadOrRefused() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 5_000; i++) {
      byte[] message = new byte[random.nextInt(40)];
      random.nextBytes(message);
      if (message.length > 1 && random.nextBoolean()) {
        message[0] = 0x3f; // a fraction that makes sense
      }
      try {
        Progress progress = Remains.progress(message, 0, message.length);
        assertThat(progress.note().chars()).noneMatch(Character::isISOControl);
      } catch (ProtocolException e) {
        assertThat(e).hasMessageContaining("an item says something odd of its progress");
      }
    }
  }

  private static byte[] message(double fraction, String note) {
    byte[] text = note.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Double.BYTES + text.length).putDouble(fraction).put(text).array();
  }
}
