package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.function.Args;
import dev.procpool.spi.ObjectCodec;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a codec of the user's is asked, and what becomes of what it does. */
class ObjectCodecTest {

  private static final String READ = "read by the other codec";

  /** What the codec under test does when it is asked to write. */
  private enum Way {
    TAKES,
    LEAVES,
    THROWS,
    OVERFLOWS_THE_STACK,
    FLOODS,
    BLAMES_IN_A_CIRCLE
  }

  private record Box(Object content) implements Serializable {}

  @Test
  void graphsGoByIt() throws CodecException {
    assertThat(copy(Way.TAKES, new Box(1))).isEqualTo(READ);
    assertThat(copy(Way.TAKES, Map.of("a", 1))).isEqualTo(READ);
    assertThat(copy(Way.TAKES, List.of(new Box(1)))).isEqualTo(READ);
    assertThat(copy(Way.TAKES, Args.of(1, new Box(1)))).isEqualTo(Args.of(1, READ));
  }

  @Test
  void plainValuesDoNot() throws CodecException {
    for (Object value : new Object[] {1, "text", List.of(1, 2), Args.of(1, 0.5)}) {
      assertThat(copy(Way.TAKES, value)).isEqualTo(value);
    }
    assertThat(copy(Way.TAKES, null)).isNull();
  }

  @Test
  void itsBytesAreNotPlain() throws CodecException {
    byte[] bytes = encode(codec(Way.TAKES), new Box(1));
    assertThat(Codec.isPlain(bytes, 0, bytes.length)).isFalse();
  }

  @Test
  void whatItDoesNotTakeGoesBySerialization() throws CodecException {
    for (Way way : List.of(Way.LEAVES, Way.THROWS, Way.OVERFLOWS_THE_STACK)) {
      assertThat(copy(way, Args.of(1, new Box("content"))))
          .as(way.name())
          .isEqualTo(Args.of(1, new Box("content")));
    }
  }

  @Test
  void whatNeitherTakesIsNamed() {
    assertThatThrownBy(() -> encode(codec(Way.THROWS), new Box(new Object())))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("java.lang.Object at content");
  }

  @Test
  void theLimitHolds() {
    assertThatThrownBy(() -> encode(codec(Way.FLOODS), new Box(1)))
        .isInstanceOf(PayloadTooLargeException.class);
  }

  @Test
  void withoutAReaderItsBytesAreRefused() throws CodecException {
    byte[] bytes = encode(codec(Way.TAKES), new Box(1));
    Codec writesOnly = Codecs.CODEC.withObjects(new Other(Way.TAKES), null);
    for (Codec codec : List.of(Codecs.CODEC, writesOnly)) {
      assertThatThrownBy(() -> codec.decode(bytes, 0, bytes.length, getClass().getClassLoader()))
          .isInstanceOf(CodecException.class)
          .hasMessageContaining("REJECTED");
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void causesInACircleAreFollowedToNoEnd() {
    assertThatThrownBy(() -> copy(Way.BLAMES_IN_A_CIRCLE, new Box(1)))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("object codec")
        .hasMessageContaining("the first");
  }

  @Test
  void exceptionsGoBySerialization() {
    Throwable error = new IllegalStateException("text");
    assertThat(Codecs.copyThrowable(error, codec(Way.TAKES), getClass().getClassLoader()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("text");
  }

  private static Codec codec(Way way) {
    ObjectCodec objects = new Other(way);
    return new Codec(null, 1 << 16).withObjects(objects, objects);
  }

  private static Object copy(Way way, Object value) throws CodecException {
    Codec codec = codec(way);
    byte[] bytes = encode(codec, value);
    return codec.decode(bytes, 0, bytes.length, ObjectCodecTest.class.getClassLoader());
  }

  private static byte[] encode(Codec codec, Object value) throws CodecException {
    ByteOutput out = new ByteOutput(16, Long.MAX_VALUE);
    codec.encode(value, out);
    return out.toByteArray();
  }

  private record Other(Way way) implements ObjectCodec {

    @Override
    public boolean encode(Object graph, OutputStream out) throws IOException {
      if (way == Way.LEAVES) {
        return false;
      }
      out.write(READ.getBytes(StandardCharsets.UTF_8));
      switch (way) {
        case THROWS -> throw new IOException("can't");
        case OVERFLOWS_THE_STACK -> throw new StackOverflowError();
        case FLOODS -> out.write(new byte[1 << 17]);
        default -> {}
      }
      return true;
    }

    @Override
    public Object decode(byte[] bytes, int offset, int length, ClassLoader loader) {
      if (way == Way.BLAMES_IN_A_CIRCLE) {
        IllegalStateException first = new IllegalStateException("the first");
        first.initCause(new IllegalStateException("the second", first));
        throw first;
      }
      return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
  }
}
