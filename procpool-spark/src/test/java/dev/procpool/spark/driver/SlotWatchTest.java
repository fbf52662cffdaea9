package dev.procpool.spark.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long a pool waits for an executor, in virtual time. */
class SlotWatchTest {

  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);

  private long now = 42;

  /** Looks as often: tells whether the watch gave up. */
  private boolean looks(SlotWatch watch, int times) {
    boolean gaveUp = false;
    for (int i = 0; i < times; i++) {
      gaveUp |= watch.look(true, true, now).isPresent();
      now += TICK;
    }
    return gaveUp;
  }

  @Test
  void whoWaitsLongerThanTheTimeoutIsToldOfIt() {
    SlotWatch watch = new SlotWatch(Duration.ofSeconds(2));
    assertThat(looks(watch, 20)).isFalse();
    assertThat(watch.look(true, true, now))
        .hasValueSatisfying(why -> assertThat(why).contains("within 2 s", "logs"));
  }

  @Test
  void theTimeCountsFromTheLastExecutor() {
    SlotWatch watch = new SlotWatch(Duration.ofSeconds(2));
    assertThat(looks(watch, 15)).isFalse();
    assertThat(watch.look(false, true, now)).isEmpty();
    assertThat(looks(watch, 20)).isFalse();
    assertThat(looks(watch, 1)).isTrue();
  }

  @Test
  void aTimeoutForEverIsNone() {
    for (Duration forever :
        List.of(
            Duration.ofNanos(Long.MAX_VALUE),
            Duration.ofSeconds(Long.MAX_VALUE),
            ChronoUnit.FOREVER.getDuration())) {
      assertThat(looks(new SlotWatch(forever), 100)).as("%s", forever).isFalse();
    }
  }

  @Test
  void aDriverThatWasStoppedHasMissedNoExecutor() {
    SlotWatch watch = new SlotWatch(Duration.ofSeconds(2));
    assertThat(looks(watch, 10)).isFalse();
    now += TimeUnit.HOURS.toNanos(1); // Ctrl-Z, and fg
    assertThat(looks(watch, 9)).isFalse();
    assertThat(looks(watch, 5)).isTrue();
  }
}
