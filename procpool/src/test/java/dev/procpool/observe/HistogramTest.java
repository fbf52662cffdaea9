package dev.procpool.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.PoolStats;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What the buckets make of durations. */
class HistogramTest {

  @RepeatedTest(20)
  void percentilesAreNeverBelowTheTrueOnesAndAtMostAThirtySecondAbove(RepetitionInfo info) {
    long seed = info.getCurrentRepetition();
    SplittableRandom random = new SplittableRandom(seed);
    long[] values = new long[1 + random.nextInt(5000)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextLong() >>> (1 + random.nextInt(62)); // all orders of magnitude
    }
    Histogram histogram = new Histogram();
    histogram.addAll(values, values.length);
    PoolStats.Distribution told = histogram.distribution();
    Arrays.sort(values);
    assertThat(told.count()).as("seed %d", seed).isEqualTo(values.length);
    assertThat(told.maxNanos()).as("seed %d", seed).isEqualTo(values[values.length - 1]);
    assertWithin(told.p50Nanos(), values, 0.5, seed);
    assertWithin(told.p95Nanos(), values, 0.95, seed);
    assertWithin(told.p99Nanos(), values, 0.99, seed);
  }

  private static void assertWithin(long told, long[] sorted, double fraction, long seed) {
    long exact = sorted[Math.max(1, (int) Math.ceil(fraction * sorted.length)) - 1];
    assertThat(told)
        .as("%s of %d, seed %d", fraction, sorted.length, seed)
        .isBetween(exact, exact + exact / 32);
  }

  @Test
  void theSmallestAndTheLargestHaveABucket() {
    Histogram histogram = new Histogram();
    histogram.add(-5, 1);
    histogram.add(Long.MAX_VALUE, 1);
    PoolStats.Distribution told = histogram.distribution();
    assertThat(told.p50Nanos()).isZero();
    assertThat(told.maxNanos()).isEqualTo(Long.MAX_VALUE);
    assertThat(told.p99Nanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void manyAtOnceCountEach() {
    Histogram histogram = new Histogram();
    histogram.add(10, 99);
    histogram.add(1000, 1);
    assertThat(histogram.distribution())
        .isEqualTo(new PoolStats.Distribution(100, 10, 10, 10, 1000));
  }

  @Test
  void ofNothingNothingIsTold() {
    assertThat(new Histogram().distribution()).isEqualTo(PoolStats.Distribution.NONE);
  }
}
