package dev.procpool.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Failures count as long as they are within the window. */
class RestartIntensityTest {

  @Test
  void oneMoreThanAllowedWithinTheWindowIsTooMany() {
    RestartIntensity intensity = new RestartIntensity(2, 100);
    assertThat(intensity.exceededBy(0)).isFalse();
    assertThat(intensity.exceededBy(50)).isFalse();
    assertThat(intensity.exceededBy(100)).isTrue();
  }

  @Test
  void failuresBeforeTheWindowAreForgotten() {
    RestartIntensity intensity = new RestartIntensity(2, 100);
    for (long now = 0; now < 2_000; now += 51) {
      assertThat(intensity.exceededBy(now)).as("at %d", now).isFalse();
    }
  }

  @Test
  void noneAllowedMeansTheFirstIsTooMany() {
    assertThat(new RestartIntensity(0, 100).exceededBy(7)).isTrue();
  }

  @Test
  void theClockMayPassItsLargestValue() {
    RestartIntensity intensity = new RestartIntensity(1, 100);
    assertThat(intensity.exceededBy(Long.MAX_VALUE - 10)).isFalse();
    assertThat(intensity.exceededBy(Long.MIN_VALUE + 10)).isTrue();
    assertThat(intensity.exceededBy(Long.MIN_VALUE + 200)).isFalse();
  }
}
