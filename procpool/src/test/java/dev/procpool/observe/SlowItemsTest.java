package dev.procpool.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.PoolStats.SlowItem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The slowest items, against a sorted list of all. */
class SlowItemsTest {

  @Test
  void theyAreThoseThatASortFinds() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SlowItems slow = new SlowItems();
      List<Long> all = new ArrayList<>();
      for (int round = 0; round < random.nextInt(1, 20); round++) {
        int count = random.nextInt(1, 8);
        long[] indexes = new long[count];
        long[] nanos = new long[count];
        long longest = 0;
        for (int i = 0; i < count; i++) {
          nanos[i] = random.nextLong(0, 50);
          indexes[i] = 1000 + nanos[i];
          longest = Math.max(longest, nanos[i]);
          all.add(nanos[i]);
        }
        slow.offer(CallFixture.CALL, indexes, nanos, count, longest);
      }
      all.sort(Collections.reverseOrder());
      assertThat(slow.slowest())
          .as("seed %d", seed)
          .extracting(SlowItem::runNanos)
          .containsExactlyElementsOf(all.subList(0, Math.min(5, all.size())));
      assertThat(slow.slowest())
          .allSatisfy(item -> assertThat(item.index()).isEqualTo(1000 + item.runNanos()));
    }
  }
}
