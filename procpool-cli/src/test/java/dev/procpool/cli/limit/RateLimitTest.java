package dev.procpool.cli.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How fast items start. */
class RateLimitTest {

  @ParameterizedTest
  @CsvSource({"10, 100000000", "10/s, 100000000", "0.5/s, 2000000000", "60/m, 1000000000"})
  void ratesAreItemsInATime(String text, long nanos) {
    assertThat(new RateLimit.Converter().convert(text).nanos()).isEqualTo(nanos);
  }

  @Test
  void rowsComeNoFasterThanTheirRate() {
    long begin = System.nanoTime();
    try (RatedRows<Integer> rows = new RatedRows<>(List.of(1, 2, 3, 4, 5), new RateLimit(20e6))) {
      assertThat(rows).containsExactly(1, 2, 3, 4, 5);
    }
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(80_000_000);
  }
}
