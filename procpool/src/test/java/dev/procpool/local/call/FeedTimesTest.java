package dev.procpool.local.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When items were fed, however many looks at the clock there were. */
class FeedTimesTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void eachItemHasItsTime(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int most = random.nextInt(1, 20);
    FeedTimes times = new FeedTimes();
    long[] expected = new long[1024];
    long now = -5; // a clock may be of either sign
    for (int item = 0; item < expected.length; item++) {
      now += random.nextInt(most) == 0 ? random.nextInt(1, 1000) : 0;
      expected[item] = now;
      times.add(item, now);
      int asked = random.nextInt(item + 1);
      assertThat(times.of(asked))
          .as("item %d of %d, seed %d", asked, item, seed)
          .isEqualTo(expected[asked]);
    }
    for (int item = 0; item < expected.length; item++) {
      assertThat(times.of(item)).as("item %d, seed %d", item, seed).isEqualTo(expected[item]);
    }
  }

  @Test
  void whileOneThreadAddsAnotherAsksForWhatIsThere() throws Exception {
    FeedTimes times = new FeedTimes();
    Block counted = new Block(0, 1, 64 * 1024, Block.MAX_ITEMS);
    byte[] item = new byte[8];
    Thread feeder =
        new Thread(
            () -> {
              for (int i = 0; i < Block.MAX_ITEMS; i++) {
                times.add(i, 10L * i);
                counted.add(i, 1, item, 4, 4, 10L * i);
              }
            });
    feeder.start();
    int there = 0;
    while (there < Block.MAX_ITEMS) {
      there = counted.count();
      for (int i = Math.max(0, there - 50); i < there; i++) {
        assertThat(times.of(i)).isEqualTo(10L * i);
        assertThat(counted.fedAt(i)).isEqualTo(10L * i);
      }
    }
    feeder.join();
  }
}
