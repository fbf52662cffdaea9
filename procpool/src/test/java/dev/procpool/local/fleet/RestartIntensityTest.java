package dev.procpool.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Failures count as long as they are within the window. */
class RestartIntensityTest {

  @Test
  void oneMoreThanAllowedWithinTheWindowIsTooMany() {
    RestartIntensity intensity = new RestartIntensity(2, 100);
    assertThat(fail(intensity, 0)).isFalse();
    assertThat(fail(intensity, 50)).isFalse();
    assertThat(fail(intensity, 100)).isTrue();
  }

  @Test
  void failuresBeforeTheWindowAreForgotten() {
    RestartIntensity intensity = new RestartIntensity(2, 100);
    for (long now = 0; now < 2_000; now += 51) {
      assertThat(fail(intensity, now)).as("at %d", now).isFalse();
    }
  }

  @Test
  void failuresInARowCountHoweverLongTheyTake() {
    RestartIntensity intensity = new RestartIntensity(2, 100);
    fail(intensity, 0);
    fail(intensity, 1_000);
    assertThat(intensity.isExceededInARow()).isFalse();
    fail(intensity, 2_000);
    assertThat(intensity.isExceededInARow()).isTrue();
    intensity.succeeded();
    assertThat(intensity.isExceededInARow()).isFalse();
    fail(intensity, 3_000);
    assertThat(intensity.isExceededInARow()).isFalse();
  }

  @Test
  void noneAllowedMeansTheFirstIsTooMany() {
    assertThat(fail(new RestartIntensity(0, 100), 7)).isTrue();
  }

  @Test
  void theClockMayPassItsLargestValue() {
    RestartIntensity intensity = new RestartIntensity(1, 100);
    assertThat(fail(intensity, Long.MAX_VALUE - 10)).isFalse();
    assertThat(fail(intensity, Long.MIN_VALUE + 10)).isTrue();
    assertThat(fail(intensity, Long.MIN_VALUE + 200)).isFalse();
  }

  /** Has one more failure; says whether that is one too many. */
  private static boolean fail(RestartIntensity intensity, long now) {
    intensity.failed(now);
    return intensity.isExceeded();
  }
}
