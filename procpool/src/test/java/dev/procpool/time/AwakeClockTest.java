package dev.procpool.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The clock stands still in gaps between looks, and in nothing else. */
class AwakeClockTest {

  private static final long MILLIS = 1_000_000;
  private static final long SLICE = 100 * MILLIS;

  /** Sums may overflow, as those of {@link System#nanoTime} may. */
  private static final long START = new AtomicLong(Long.MAX_VALUE - 50 * MILLIS).get();

  private final AtomicLong processor = new AtomicLong();
  private final AwakeClock clock = new AwakeClock(SLICE, processor::get);

  @Test
  void countsWhatPassesBetweenLooksThatAreALittleLate() {
    long begin = clock.at(START);
    long time = START;
    for (int i = 0; i < 20; i++) {
      time += 350 * MILLIS;
      clock.at(time);
    }
    assertThat(clock.at(time) - begin).isEqualTo(20 * 350 * MILLIS);
  }

  @Test
  void standsStillInAGap() {
    long begin = clock.at(START);
    clock.at(START + SLICE);
    assertThat(clock.at(START + SLICE + 12_000 * MILLIS) - begin)
        .isBetween(SLICE, SLICE + SLICE / 2);
  }

  @Test
  void oneGapIsCountedOnceWhoeverLooks() {
    long begin = clock.at(START);
    long after = START + 12_000 * MILLIS;
    long first = clock.at(after);
    assertThat(clock.at(after) - begin).isEqualTo(first - begin);
    assertThat(clock.at(after + SLICE) - first).isEqualTo(SLICE);
    assertThat(clock.at(after - MILLIS)).as("who read the time before").isEqualTo(first - MILLIS);
  }

  @Test
  void goesOnWhereLooksAreLateForEver() {
    long begin = clock.at(START);
    long time = START;
    for (int i = 0; i < 100; i++) {
      time += 10 * SLICE;
      clock.at(time);
    }
    assertThat(clock.at(time) - begin).isGreaterThanOrEqualTo(10 * SLICE);
  }

  @Test
  void goesOnWhileNobodyWaits() {
    long begin = clock.at(START);
    clock.rest();
    assertThat(clock.at(START + 3_600_000 * MILLIS) - begin).isEqualTo(3_600_000 * MILLIS);
  }

  @Test
  void restsDoNotHaveTheSystemAskedEachTime() {
    AtomicLong asked = new AtomicLong();
    AwakeClock counting = new AwakeClock(SLICE, asked::incrementAndGet);
    long begin = System.nanoTime();
    for (int i = 0; i < 1000; i++) {
      counting.now();
      counting.rest();
    }
    long most = 1 + (System.nanoTime() - begin) / (SLICE / 2);
    assertThat(asked.get()).isLessThanOrEqualTo(most);
  }

  @Test
  void aGapInWhichTheProcessorWasUsedCounts() {
    long begin = clock.now(); // takes a sample
    processor.set(2_000 * MILLIS);
    assertThat(clock.at(System.nanoTime() + 3_000 * MILLIS) - begin)
        .isBetween(2_000 * MILLIS, 2_500 * MILLIS);
  }

  @Test
  void aSliceEndsAtTheDeadline() {
    long now = clock.now();
    assertThat(clock.slice(now + 10 * SLICE)).isEqualTo(SLICE);
    assertThat(clock.slice(now + SLICE / 2)).isLessThanOrEqualTo(SLICE / 2);
    assertThat(clock.slice(now - MILLIS)).isNegative();
  }
}
