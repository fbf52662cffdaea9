package dev.procpool.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NanosTest {

  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  static List<Duration> tooLong() {
    return List.of(
        LONGEST.minusNanos(1),
        LONGEST,
        LONGEST.plusNanos(1),
        Duration.ofMillis(Long.MAX_VALUE),
        Duration.ofSeconds(Long.MAX_VALUE),
        ChronoUnit.FOREVER.getDuration());
  }

  @ParameterizedTest
  @MethodSource("tooLong")
  void whatIsTooLongIsTheLongest(Duration duration) {
    assertThat(Nanos.of(duration)).isEqualTo(Nanos.MAX);
  }

  @Test
  void whatIsTooFarInThePastIsTheOpposite() {
    assertThat(Nanos.of(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo(-Nanos.MAX);
    assertThat(Nanos.of(LONGEST.negated())).isEqualTo(-Nanos.MAX);
  }

  @Test
  void whatFitsIsExact() {
    for (long nanos : new long[] {0, 1, -1, 999_999_999, 1_000_000_001, Nanos.MAX, -Nanos.MAX}) {
      assertThat(Nanos.of(Duration.ofNanos(nanos))).isEqualTo(nanos);
    }
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 1000; i++) {
      long nanos = random.nextLong(-Nanos.MAX, Nanos.MAX + 1);
      assertThat(Nanos.of(Duration.ofNanos(nanos))).as("seed %s", seed).isEqualTo(nanos);
    }
  }

  @ParameterizedTest
  @MethodSource("tooLong")
  void sumsAndDifferencesDontOverflow(Duration duration) {
    long nanos = Nanos.of(duration);
    for (long now : new long[] {Long.MIN_VALUE, -1, 0, System.nanoTime(), Long.MAX_VALUE}) {
      long deadline = now; // may wrap, as the clock itself may; its distance does not
      for (int i = 1; i <= 7; i++) {
        deadline += nanos;
        assertThat(deadline - now).isPositive();
        assertThat(now - deadline).isNegative();
      }
    }
  }
}
