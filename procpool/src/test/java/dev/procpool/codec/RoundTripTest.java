package dev.procpool.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.function.Args;
import dev.procpool.function.Task1;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RoundTripTest {

  record Point(int x, String name) implements Serializable {}

  /** Wraps each value, or an array would be taken for several arguments. */
  private static Stream<Arguments> each(Object... values) {
    return Stream.of(values).map(value -> Arguments.of(new Object[] {value}));
  }

  static Stream<Arguments> plainValues() {
    char[] everyChar = new char[65536];
    for (int i = 0; i < everyChar.length; i++) {
      everyChar[i] = (char) i;
    }
    return each(
        true,
        false,
        Byte.MIN_VALUE,
        (byte) 0,
        Byte.MAX_VALUE,
        Short.MIN_VALUE,
        (short) -1,
        Short.MAX_VALUE,
        '\0',
        'x',
        '\uffff',
        0,
        1,
        -1,
        63,
        64,
        -64,
        -65,
        Integer.MIN_VALUE,
        Integer.MAX_VALUE,
        0L,
        -1L,
        1L << 32,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        0f,
        -0f,
        Float.NaN,
        Float.MIN_VALUE,
        Float.NEGATIVE_INFINITY,
        0d,
        -0d,
        Double.NaN,
        Double.MIN_VALUE,
        Double.POSITIVE_INFINITY,
        "",
        "plain",
        "nul \0 inside",
        "caf\u00e9 \u00ff",
        "\u0100",
        "\ud83d\ude00",
        "\ud83d alone",
        "alone \ude00",
        new String(everyChar),
        new boolean[] {true, false, true},
        new byte[] {-1, 0, 1},
        new short[] {-1, 256},
        new char[] {'a', '\ud800'},
        new int[] {1, -1, Integer.MIN_VALUE},
        new long[] {1L << 40, -1},
        new float[] {-0f, Float.NaN},
        new double[] {-0d, Math.PI},
        new double[0],
        new byte[0],
        Args.of(1, 0.5),
        Args.of(null, "b", 'c'),
        Args.of(1, 2L, 3f, 4d),
        Args.of(1, 2, 3, 4, 5),
        Args.of("a", "b", "c", "d", "e", null),
        Args.of("nested", Args.of(1, Args.of(2, 3))),
        Args.of(1, List.of(1, 2)),
        new ArrayList<>(),
        new ArrayList<>(Arrays.asList(1, null, "x")),
        List.of(),
        List.of(1),
        List.of(1, 2),
        List.of(1, "b", 3L),
        Stream.of(1, null).toList(),
        Stream.of(1).toList(),
        Stream.of().toList());
  }

  static Stream<Arguments> otherValues() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", List.of(new Point(1, "p")));
    map.put(null, null);
    return each(
        new Point(3, "three"),
        TimeUnit.DAYS,
        new BigDecimal("1.50"),
        Duration.ofNanos(5),
        map,
        new TreeSet<>(List.of(3, 1)),
        Arrays.asList(1, 2),
        Collections.emptyList(),
        new Object[] {1, "a", new int[] {1}},
        new int[][] {{1}, {2, 3}},
        new String[] {"a", null},
        List.of(new Point(1, "in a list")),
        List.of(List.of(1)),
        int.class,
        int[].class,
        String.class,
        Args.of(new Point(1, "in a tuple"), 2),
        Args.of(new Point(1, "a"), new Point(2, "b")));
  }

  @ParameterizedTest
  @MethodSource("plainValues")
  void plainValuesComeBackEqualAndOfTheirClass(Object value) throws CodecException {
    Object copy = Codecs.copy(value);
    assertThat(copy).isEqualTo(value).hasSameClassAs(value);
    assertThat(Codecs.isPlain(value)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("otherValues")
  void otherValuesComeBackEqualAndOfTheirClass(Object value) throws CodecException {
    Object copy = Codecs.copy(value);
    assertThat(copy).isEqualTo(value).hasSameClassAs(value);
    assertThat(Codecs.isPlain(value)).isFalse();
  }

  @Test
  void nullIsPlain() throws CodecException {
    assertThat(Codecs.copy(null)).isNull();
    assertThat(Codecs.isPlain(null)).isTrue();
    assertThat(Codec.isPlain(new byte[0], 0, 0)).isFalse();
  }

  @Test
  void smallValuesTakeFewBytes() throws CodecException {
    assertThat(Codecs.encode(-5)).hasSize(2);
    assertThat(Codecs.encode(Args.of(1, 0.5))).hasSize(12);
    assertThat(Codecs.encode("abc")).hasSize(5);
    assertThat(Codecs.encode(List.of(1, 2, 3))).hasSize(8);
  }

  @Test
  void payloadOfNanSurvives() throws CodecException {
    double odd = Double.longBitsToDouble(0x7ff8_0000_dead_beefL);
    assertThat(Double.doubleToRawLongBits((Double) Codecs.copy(odd)))
        .isEqualTo(Double.doubleToRawLongBits(odd));
  }

  @Test
  void listsKeepWhatTheyAllow() throws CodecException {
    @SuppressWarnings("unchecked")
    List<Object> mutable = (List<Object>) Codecs.copy(new ArrayList<>(List.of(1)));
    mutable.add("more");
    assertThat(mutable).containsExactly(1, "more");

    List<?> strict = (List<?>) Codecs.copy(List.of(1, 2, 3));
    assertThatThrownBy(() -> strict.remove(0)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> strict.contains(null)).isInstanceOf(NullPointerException.class);

    List<?> lenient = (List<?>) Codecs.copy(Stream.of(1, 2, 3).toList());
    assertThatThrownBy(() -> lenient.remove(0)).isInstanceOf(UnsupportedOperationException.class);
    assertThat(lenient.contains(null)).isFalse();
  }

  @Test
  void lambdasAndMethodReferencesStillWork() throws Exception {
    int captured = 20;
    Task1<Integer, Integer> lambda = x -> x + captured;
    Task1<String, Integer> reference = Integer::parseInt;
    assertThat(this.<Task1<Integer, Integer>>cast(Codecs.copy(lambda)).call(3)).isEqualTo(23);
    assertThat(this.<Task1<String, Integer>>cast(Codecs.copy(reference)).call("7")).isEqualTo(7);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private <T> T cast(Object value) {
    return (T) value;
  }

  @Test
  void proxiesAreMadeWithTheGivenLoader() throws CodecException {
    Object proxy =
        Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Comparable.class}, new AlwaysSeven());
    @SuppressWarnings("unchecked")
    Comparable<Object> copy = (Comparable<Object>) Codecs.copy(proxy);
    assertThat(copy.compareTo("x")).isEqualTo(7);
  }

  static final class AlwaysSeven implements InvocationHandler, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object invoke(Object proxy, Method method, Object[] args) {
      return 7;
    }
  }

  @Test
  void valuesLieOneAfterAnotherInOneBuffer() throws CodecException {
    ByteOutput out = new ByteOutput(0, Long.MAX_VALUE);
    out.putInt(42);
    Codecs.CODEC.encode("first", out);
    int middle = out.size();
    Codecs.CODEC.encode(new Point(1, "second"), out);
    assertThat(Codec.isPlain(out.array(), 4, middle - 4)).isTrue();
    assertThat(Codec.isPlain(out.array(), middle, out.size() - middle)).isFalse();
    assertThat(Codecs.CODEC.decode(out.array(), 4, middle - 4, null)).isEqualTo("first");
    assertThat(
            Codecs.CODEC.decode(
                out.array(), middle, out.size() - middle, getClass().getClassLoader()))
        .isEqualTo(new Point(1, "second"));
  }
}
