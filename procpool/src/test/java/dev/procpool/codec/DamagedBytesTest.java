package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.procpool.function.Args;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes say, decoding gives a value or a CodecException. */
class DamagedBytesTest {

  static final class Bomb implements Serializable {
    private static final long serialVersionUID = 1L;
    static final AtomicInteger READ = new AtomicInteger();

    private void readObject(ObjectInputStream in) throws IOException {
      READ.incrementAndGet();
      throw new AssertionError("boom");
    }
  }

  private static void mustNotEscape(byte[] bytes, String what) {
    Throwable thrown = catchThrowable(() -> Codecs.decode(bytes));
    if (thrown != null) {
      assertThat(thrown).as(what).isInstanceOf(CodecException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void randomBytes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = (byte) random.nextInt(Tag.OBJECTS + 2);
      }
      mustNotEscape(bytes, "seed " + seed + ", bytes " + Arrays.toString(bytes));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void changedAndCutBytes(long seed) throws CodecException {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 1_000; i++) {
      byte[] bytes = Codecs.encode(RandomValuesTest.value(random, 2));
      if (!Codec.isPlain(bytes, 0, bytes.length)) {
        continue;
      }
      for (int change = 0; change < 10; change++) {
        byte[] damaged = Arrays.copyOf(bytes, bytes.length);
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        mustNotEscape(damaged, "seed " + seed + ", bytes " + Arrays.toString(damaged));
      }
      byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      assertThatThrownBy(() -> Codecs.decode(cut))
          .as("seed %d, bytes %s", seed, Arrays.toString(cut))
          .isInstanceOf(CodecException.class);
    }
  }

  @Test
  void lengthsThatTheBytesCannotHoldAllocateNothing() {
    for (int tag = Tag.LATIN1; tag <= Tag.OBJECTS; tag++) {
      if (tag >= Tag.ARGS2 && tag <= Tag.ARGS6) {
        continue;
      }
      for (int last : new int[] {0x07, 0x0f}) {
        byte[] bytes = {(byte) tag, -1, -1, -1, -1, (byte) last};
        assertThatThrownBy(() -> Codecs.decode(bytes))
            .as("tag %d", tag)
            .isInstanceOf(CodecException.class)
            .hasMessageContaining("damaged");
      }
    }
  }

  @Test
  void serializedArrayOfDeclaredHugeLength() throws CodecException {
    byte[] bytes = Codecs.encode(new Object[] {new int[] {0x01020304}});
    int at = bytes.length - 8; // the inner array's length, then its one element
    bytes[at] = 0x7f;
    assertThatThrownBy(() -> Codecs.decode(bytes))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("REJECTED")
        .hasMessageContaining("elements");
  }

  @Test
  void serializedArraysThatAreTooLargeTogether() throws CodecException {
    Object[] outer = new Object[0x0101];
    for (int i = 0; i < 40; i++) {
      outer = new Object[] {outer, new Object[0x0101]};
    }
    byte[] bytes = Codecs.encode(outer);
    int longest = 1024 + 16 * bytes.length;
    for (int i = 0; i + 4 <= bytes.length; i++) { // each length becomes what one array may have
      if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 1 && bytes[i + 3] == 1) {
        bytes[i + 1] = (byte) (longest >> 17);
      }
    }
    assertThatThrownBy(() -> Codecs.decode(bytes))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("REJECTED")
        .hasMessageContaining("elements");
  }

  @Test
  void trailingBytes() throws CodecException {
    byte[] bytes = Codecs.encode(1);
    assertThatThrownBy(() -> Codecs.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("follow the end");
  }

  @Test
  void rangeOutsideOfTheArray() {
    for (int[] range : new int[][] {{-1, 1}, {0, 4}, {3, 1}, {1, -1}, {Integer.MAX_VALUE, 2}}) {
      assertThatThrownBy(() -> Codecs.CODEC.decode(new byte[3], range[0], range[1], null))
          .isInstanceOf(CodecException.class);
    }
  }

  @Test
  void bytesThatSayPlainNeverRunForeignCode() throws CodecException {
    int before = Bomb.READ.get();
    byte[] direct = Codecs.encode(new Bomb());
    byte[] nested = Codecs.encode(Args.of(1, new Bomb()));
    for (byte[] bytes : List.of(direct, nested)) {
      bytes[0] &= ~Tag.NOT_PLAIN;
      assertThat(Codec.isPlain(bytes, 0, bytes.length)).isTrue();
      assertThatThrownBy(() -> Codecs.decode(bytes)).isInstanceOf(CodecException.class);
    }
    assertThat(Bomb.READ.get()).isEqualTo(before);
  }

  @Test
  void foreignCodeThatThrows() throws CodecException {
    byte[] bytes = Codecs.encode(new Bomb());
    assertThatThrownBy(() -> Codecs.decode(bytes))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("java.lang.AssertionError: boom");
  }

  @Test
  void filterThatRejects() throws CodecException {
    Codec strict = new Codec(ObjectInputFilter.Config.createFilter("!java.math.*"), 1 << 20);
    byte[] bytes = Codecs.encode(new ArrayList<>(List.of(new BigDecimal("1.5"))));
    assertThatThrownBy(() -> strict.decode(bytes, 0, bytes.length, getClass().getClassLoader()))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("REJECTED")
        .hasMessageContaining("java.math.Big");
  }

  @Test
  void classThatIsNotHere() throws CodecException {
    byte[] bytes = Codecs.encode(new org.opentest4j.AssertionFailedError("x"));
    assertThatThrownBy(
            () -> Codecs.CODEC.decode(bytes, 0, bytes.length, ClassLoader.getPlatformClassLoader()))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("org.opentest4j.AssertionFailedError exists in the process that sent")
        .hasCauseInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void damagedSerializedPart() throws CodecException {
    SplittableRandom random = new SplittableRandom(5);
    byte[] bytes = Codecs.encode(new BigDecimal("123456789.123456789"));
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      mustNotEscape(damaged, "seed 5, bytes " + Arrays.toString(damaged));
    }
  }
}
