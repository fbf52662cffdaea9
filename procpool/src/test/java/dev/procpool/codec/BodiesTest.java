package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import dev.procpool.function.Args3;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Large byte arrays beside the bytes of their value. */
class BodiesTest {

  private static final int LARGE = ByteOutput.MIN_BODY;

  private final ByteOutput out = new ByteOutput(0, Long.MAX_VALUE).withBodies(true);

  private static byte[] array(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  private Object decode(List<byte[]> bodies) throws CodecException {
    ClassLoader loader = BodiesTest.class.getClassLoader();
    return Codecs.CODEC.decode(out.array(), 0, out.size(), loader, bodies);
  }

  static Stream<Object> values() {
    return Stream.of(
        array(LARGE),
        Args.of(array(LARGE), array(LARGE + 7)),
        Args.of("a", array(LARGE), array(10), 5L, array(3 * LARGE), null),
        Args.of(Args.of(array(LARGE), 1), 2));
  }

  @ParameterizedTest
  @MethodSource("values")
  void comeBackWithoutBeingCopied(Object value) throws CodecException {
    Codecs.CODEC.encode(value, out);
    assertThat(Codec.isPlain(out.array(), 0, out.size())).isTrue();
    assertThat(out.size()).as("the bytes beside them").isLessThan(100);
    List<byte[]> bodies = out.takeBodies();
    assertThat(bodies).allMatch(body -> body.length >= LARGE);

    Object back = decode(bodies);

    assertThat(Codecs.encode(back)).isEqualTo(Codecs.encode(value));
    assertThat(out.takeBodies()).as("taken once").isEmpty();
    if (value instanceof byte[]) {
      assertThat(back).isSameAs(bodies.get(0)).isNotSameAs(value);
    }
  }

  @Test
  void theirOrderIsThatOfTheValue() throws CodecException {
    byte[] first = array(LARGE);
    byte[] last = array(LARGE + 1);
    Codecs.CODEC.encode(Args.of(first, array(10), last), out);

    Args3<?, ?, ?> back = (Args3<?, ?, ?>) decode(out.takeBodies());

    assertThat((byte[]) back.first()).isEqualTo(first);
    assertThat((byte[]) back.third()).isEqualTo(last);
  }

  @Test
  void areAsTheyWereWhenTheValueWasWritten() throws CodecException {
    byte[] array = array(LARGE);
    byte[] before = array.clone();
    Codecs.CODEC.encode(array, out);
    array[5]++;

    assertThat((byte[]) decode(out.takeBodies())).isEqualTo(before);
  }

  @Test
  void mayBeTheArraysThemselves() throws CodecException {
    ByteOutput borrowing = new ByteOutput(0, Long.MAX_VALUE).withBodies(false);
    byte[] array = array(LARGE);
    Codecs.CODEC.encode(Args.of(1, array), borrowing);

    assertThat(borrowing.takeBodies()).hasSize(1).allMatch(body -> body == array);
  }

  @Test
  void anArrayThatIsThereTwiceStaysOne() throws CodecException {
    byte[] array = array(LARGE);
    Codecs.CODEC.encode(Args.of(array, array), out);
    List<byte[]> bodies = out.takeBodies();

    Args2<?, ?> back = (Args2<?, ?>) decode(bodies);

    assertThat((byte[]) back.first()).isEqualTo(array);
    assertThat(back.second()).isSameAs(back.first());
  }

  @Test
  void nobodyGetsAnyWhoDidNotAsk() throws CodecException {
    ByteOutput plain = new ByteOutput(0, Long.MAX_VALUE);
    Codecs.CODEC.encode(array(LARGE), plain);
    Codecs.CODEC.encode(array(LARGE - 1), out);

    assertThat(plain.takeBodies()).isEmpty();
    assertThat(plain.size()).isGreaterThan(LARGE);
    assertThat(out.takeBodies()).as("too short").isEmpty();
  }

  @ParameterizedTest
  @MethodSource("values")
  void countAgainstTheLimitAsIfTheyWereAmongTheBytes(Object value) throws CodecException {
    int full = Codecs.encode(value).length;
    new Codec(null, full).encode(value, out);
    assertThat(out.takeBodies()).isNotEmpty();
    out.reset();

    PayloadTooLargeException failure =
        catchThrowableOfType(
            PayloadTooLargeException.class, () -> new Codec(null, full - 1).encode(value, out));
    assertThat(failure.size()).isEqualTo(full);
    assertThat(failure.limit()).isEqualTo(full - 1);
    assertThat(out.size()).isZero();
    assertThat(out.takeBodies()).as("of the value that failed").isEmpty();
  }

  @Test
  void aValueThatFailsTakesBackItsOwnAlone() throws CodecException {
    Codec codec = new Codec(null, 3L * LARGE);
    codec.encode(array(LARGE), out);
    int size = out.size();

    assertThatThrownBy(
            () -> codec.encode(Args.of(array(LARGE), array(LARGE + 1), array(2 * LARGE)), out))
        .isInstanceOf(PayloadTooLargeException.class);

    assertThat(out.size()).isEqualTo(size);
    assertThat(out.takeBodies()).hasSize(1);
  }

  @Test
  void areNeitherMissingNorTooManyNorOfAnotherLength() throws CodecException {
    Codecs.CODEC.encode(array(LARGE), out);
    List<byte[]> bodies = out.takeBodies();

    assertThatThrownBy(() -> decode(List.of()))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("no value has tag 30");
    assertThatThrownBy(() -> decode(List.of(bodies.get(0), new byte[1])))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("not all of its bodies");
    assertThatThrownBy(() -> decode(List.of(new byte[LARGE - 1])))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("a body of " + (LARGE - 1) + " bytes");
  }
}
