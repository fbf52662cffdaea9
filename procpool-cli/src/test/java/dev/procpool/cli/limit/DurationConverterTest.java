package dev.procpool.cli.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times as options have them. */
class DurationConverterTest {

  @ParameterizedTest
  @CsvSource({"500ms,PT0.5S", "2s,PT2S", "1.5s,PT1.5S", "5m,PT5M", "1h,PT1H", "PT3S,PT3S"})
  void readsTimes(String text, Duration expected) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999999999999h", "9223372036854775807s", "9999999999999.5m"})
  void aTimeOfManyCenturiesIsTheLongest(String text) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "soon", "2 days"})
  void refusesOtherTimes(String text) {
    assertThatThrownBy(() -> new DurationConverter().convert(text))
        .hasMessage("'" + text + "' is not a time: write 500ms, 2s, 5m, 1h or PT2S");
  }
}
