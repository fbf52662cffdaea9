package dev.procpool.cli.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TextConverterTest {

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of("42", int.class, 42),
        Arguments.of(" 42 ", Integer.class, 42),
        Arguments.of("-9223372036854775808", long.class, Long.MIN_VALUE),
        Arguments.of("7", Long.class, 7L),
        Arguments.of("0.5", double.class, 0.5),
        Arguments.of("1e3", Double.class, 1000.0),
        Arguments.of("2.5", float.class, 2.5f),
        Arguments.of("-3", short.class, (short) -3),
        Arguments.of("127", byte.class, (byte) 127),
        Arguments.of("true", boolean.class, true),
        Arguments.of("false", Boolean.class, false),
        Arguments.of("x", char.class, 'x'),
        Arguments.of(" ", char.class, ' '),
        Arguments.of(" as is ", String.class, " as is "),
        Arguments.of("", String.class, ""),
        Arguments.of("", Object.class, ""),
        Arguments.of("1.10", BigDecimal.class, new BigDecimal("1.10")),
        Arguments.of(
            "123456789012345678901", BigInteger.class, new BigInteger("123456789012345678901")),
        Arguments.of("2024-02-29", LocalDate.class, LocalDate.of(2024, 2, 29)),
        Arguments.of("12:30", LocalTime.class, LocalTime.of(12, 30)),
        Arguments.of(
            "2024-02-29T12:30", LocalDateTime.class, LocalDateTime.of(2024, 2, 29, 12, 30)),
        Arguments.of("1970-01-01T00:00:01Z", Instant.class, Instant.ofEpochSecond(1)),
        Arguments.of(
            "2024-01-01T00:00+01:00",
            OffsetDateTime.class,
            OffsetDateTime.of(2024, 1, 1, 0, 0, 0, 0, ZoneOffset.ofHours(1))),
        Arguments.of(
            "2024-01-01T00:00Z",
            ZonedDateTime.class,
            ZonedDateTime.of(2024, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC)),
        Arguments.of("PT1M", Duration.class, Duration.ofMinutes(1)),
        Arguments.of("P2D", Period.class, Period.ofDays(2)),
        Arguments.of("2024", Year.class, Year.of(2024)),
        Arguments.of("2024-05", YearMonth.class, YearMonth.of(2024, 5)),
        Arguments.of("Europe/Berlin", ZoneId.class, ZoneId.of("Europe/Berlin")),
        Arguments.of("+01:00", ZoneOffset.class, ZoneOffset.ofHours(1)),
        Arguments.of("MONDAY", DayOfWeek.class, DayOfWeek.MONDAY),
        Arguments.of("a/b", Path.class, Path.of("a/b")),
        Arguments.of("jrt:/java.base", Path.class, Path.of(URI.create("jrt:/java.base"))),
        Arguments.of("a/b", File.class, new File("a/b")),
        Arguments.of("http://a/b", URI.class, URI.create("http://a/b")),
        Arguments.of("00000000-0000-0001-0000-000000000002", UUID.class, new UUID(1, 2)),
        Arguments.of("[1,2]", int[].class, new int[] {1, 2}),
        Arguments.of("", Integer.class, null),
        Arguments.of(" ", LocalDate.class, null),
        Arguments.of("", int[].class, null));
  }

  @ParameterizedTest
  @MethodSource("values")
  void convertsEachType(String text, Type type, Object expected) throws Exception {
    assertThat(TextConverter.convert(text, type)).isEqualTo(expected);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("abc", int.class, "'abc' is not an int"),
        Arguments.of("1.0", int.class, "'1.0' is not an int"),
        Arguments.of("2147483648", Integer.class, "'2147483648' is not an Integer"),
        Arguments.of("128", byte.class, "'128' is not a byte"),
        Arguments.of("yes", boolean.class, "'yes' is not a boolean; write true or false"),
        Arguments.of("True", Boolean.class, "'True' is not a Boolean; write true or false"),
        Arguments.of("xy", char.class, "'xy' is not a char"),
        Arguments.of("2023-02-29", LocalDate.class, "'2023-02-29' is not a LocalDate"),
        Arguments.of("x", BigDecimal.class, "'x' is not a BigDecimal"),
        Arguments.of("x", UUID.class, "'x' is not a UUID"),
        Arguments.of("", int.class, "empty, but int needs a value"),
        Arguments.of(" ", double.class, "empty, but double needs a value"),
        Arguments.of("x", int[].class, "'x' is not JSON, which int[] needs"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusesWithValueAndType(String text, Type type, String message) {
    assertThatThrownBy(() -> TextConverter.convert(text, type))
        .isInstanceOf(ConversionException.class)
        .hasMessage(message);
  }

  @Test
  void namesTheConstantsOfAnEnum() {
    assertThatThrownBy(() -> TextConverter.convert("monday", DayOfWeek.class))
        .hasMessageStartingWith("'monday' is not a DayOfWeek; it has [MONDAY, TUESDAY,");
  }

  @Test
  void shortensLongTexts() {
    assertThatThrownBy(() -> TextConverter.convert("x".repeat(1000), int.class))
        .hasMessage("'" + "x".repeat(57) + "...' is not an int");
  }
}
