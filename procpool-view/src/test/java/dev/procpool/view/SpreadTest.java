package dev.procpool.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SpreadTest {

  private final Spread spread = new Spread();

  @Test
  void percentilesAreNeverTooLowAndAnEighthTooHighAtMost() {
    long seed = 20261129;
    SplittableRandom random = new SplittableRandom(seed);
    long[] all = random.longs(5000, 1, Long.MAX_VALUE / 4).map(x -> x >>> (x & 63)).toArray();
    Arrays.stream(all).forEach(spread::add);
    Arrays.sort(all);
    for (double fraction : new double[] {0.01, 0.5, 0.95, 0.99, 1}) {
      long real = all[(int) Math.ceil(fraction * all.length) - 1];
      assertThat(spread.percentile(fraction))
          .as("%s, seed %s", fraction, seed)
          .isBetween(real, real + real / 8 + 1);
    }
  }

  @Test
  void whatIsOlderThanTheWindowIsForgotten() {
    spread.add(1_000);
    for (int i = 0; i < Spread.WINDOW - 1; i++) {
      spread.nextTick();
    }
    assertThat(spread.percentile(0.5)).isGreaterThanOrEqualTo(1_000);
    spread.nextTick();
    assertThat(spread.percentile(0.5)).isEqualTo(-1);
  }
}
