package dev.procpool.cli.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.type.TypeFactory;
import dev.procpool.cli.CommandLineFixture;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A JSON value becomes what it says, alone and within another, or is refused. */
class JsonValuesTest {

  static List<Arguments> otherwise() {
    return List.of(
        Arguments.of("1", DayOfWeek.class),
        Arguments.of("65", char.class),
        Arguments.of("65", Path.class),
        Arguments.of("20240102", LocalDate.class),
        Arguments.of("1700000000000", Instant.class),
        Arguments.of("1700000000.5", OffsetDateTime.class),
        Arguments.of("1700000000", ZonedDateTime.class),
        Arguments.of("90", Duration.class),
        Arguments.of("2024", Date.class),
        Arguments.of("1e999", Double.class),
        Arguments.of("-1e39", Float.class),
        Arguments.of("1.5", Integer.class),
        Arguments.of("\"7\"", Integer.class),
        Arguments.of("7", byte[].class),
        Arguments.of("\"no base64\"", byte[].class));
  }

  @ParameterizedTest
  @MethodSource("otherwise")
  void noValueIsTakenForAnother(String json, Class<?> type) {
    assertThatThrownBy(() -> JsonConverter.parse(json, type))
        .isInstanceOf(ConversionException.class);

    Class<?> element = TextConverter.box(type);
    Type list = TypeFactory.defaultInstance().constructCollectionType(List.class, element);
    assertThatThrownBy(() -> JsonConverter.parse("[" + json + "]", list))
        .as("within a list")
        .isInstanceOf(ConversionException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1, 1e999]", "[null]", "[\"7\"]", "[[1]]", "7", "\"AAAA\"", "{}"})
  void anArrayOfNumbersHasNothingElse(String json) {
    for (Class<?> type : List.of(double[].class, float[].class)) {
      assertThatThrownBy(() -> JsonConverter.parse(json, type))
          .isInstanceOf(ConversionException.class);
    }
    assertThatThrownBy(() -> JsonConverter.parse("[" + json + "]", double[][].class))
        .isInstanceOf(ConversionException.class);
  }

  static List<Arguments> again() {
    return List.of(
        Arguments.of(new byte[] {0, -1, 65}, byte[].class),
        Arguments.of(Double.NaN, double.class),
        Arguments.of(Float.NEGATIVE_INFINITY, Float.class),
        Arguments.of(Year.of(2024), Year.class),
        Arguments.of('x', char.class),
        Arguments.of(Instant.ofEpochSecond(1, 5), Instant.class),
        Arguments.of(Duration.ofMillis(1500), Duration.class),
        Arguments.of(LocalDate.of(2024, 1, 2), LocalDate.class),
        Arguments.of(Optional.empty(), Optional.class),
        Arguments.of(OptionalInt.of(7), OptionalInt.class),
        Arguments.of(BigInteger.TEN.pow(5000), BigInteger.class),
        Arguments.of(new double[] {1.5, Double.NaN, Double.POSITIVE_INFINITY}, double[].class),
        Arguments.of(IntStream.range(0, 100).asDoubleStream().toArray(), double[].class),
        Arguments.of(new float[] {1.5f, Float.NEGATIVE_INFINITY}, float[].class),
        Arguments.of(List.of(BigInteger.TEN.pow(5000)), List.class));
  }

  @ParameterizedTest
  @MethodSource("again")
  void whatResultsHoldIsReadAgain(Object value, Class<?> type) throws Exception {
    String json = JsonConverter.write(value);

    assertThat(JsonConverter.parse(json, type)).isEqualTo(value);
    if (type != List.class && type != Optional.class) {
      Type list =
          TypeFactory.defaultInstance()
              .constructCollectionType(List.class, TextConverter.box(type));
      List<?> read = (List<?>) JsonConverter.parse("[" + json + "]", list);
      assertThat((Object) read.get(0)).isEqualTo(value);
    }
  }

  /** Of each form in which results are shown, gone on with and taken as input. */
  @ParameterizedTest
  @ValueSource(ints = {1_500, 20_000})
  void aNumberMayHaveAnyLength(int digits) {
    String number = "1" + "0".repeat(digits - 1);
    CommandLineFixture cli = new CommandLineFixture();

    assertThat(cli.run(number + "\n", "map", "java.math.BigInteger::abs", "--print", "value"))
        .as(cli.err)
        .isZero();
    assertThat(cli.out()).isEqualTo(number + "\n");

    String line = "{\"index\":0,\"status\":\"ok\",\"value\":" + number + ",\"ms\":1}\n";
    assertThat(cli.run(line, "map", "java.math.BigInteger::abs", "--from-results"))
        .as(cli.err)
        .isZero();
  }
}
