package dev.procpool.cli.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How the times of many items are kept. */
class DurationsTest {

  @Test
  void sharesOfDurationsAreKnownToTwoPercent() {
    Durations durations = new Durations();
    assertThat(durations.quantile(0.5)).isZero();
    for (int i = 1; i <= 1000; i++) {
      durations.add(Duration.ofMillis(i));
    }
    assertThat(durations.quantile(0.5).toMillis()).isBetween(490L, 510L);
    assertThat(durations.quantile(0.95).toMillis()).isBetween(931L, 969L);
    assertThat(durations.quantile(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(durations.max()).isEqualTo(Duration.ofSeconds(1));
    durations.add(Duration.ofNanos(Long.MAX_VALUE));
    durations.add(Duration.ZERO);
    assertThat(durations.quantile(0)).isLessThan(Duration.ofMillis(1));
    assertThat(Optional.of(durations.max())).contains(Duration.ofNanos(Long.MAX_VALUE));
  }
}
