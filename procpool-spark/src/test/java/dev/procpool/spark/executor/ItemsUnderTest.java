package dev.procpool.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.wire.Chunk;
import dev.procpool.spi.EncodedItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemsUnderTest {

  private static final SlotWork FIRST = new SlotWork(new SlotKey(1, 0, 0, "e"), null);
  private static final SlotWork SECOND = new SlotWork(new SlotKey(1, 1, 1, "e"), null);

  private final ItemsUnder under = new ItemsUnder();

  private static List<Chunk.Item> items(long... indexes) {
    return LongStream.of(indexes)
        .mapToObj(index -> new Chunk.Item(item(index), null, Set.of()))
        .toList();
  }

  private static EncodedItem item(long index) {
    return new EncodedItem(index, 0, new byte[0], null);
  }

  private List<Long> all() {
    return under.all().stream().map(each -> each.given().item().index()).toList();
  }

  @Test
  void eachItemIsTakenOutOnce() {
    under.add(items(3, 4, 5, 9, 7), FIRST);
    under.add(items(6), SECOND);
    assertThat(all()).containsExactly(3L, 4L, 5L, 9L, 7L, 6L);
    assertThat(under.get(4).slot()).isSameAs(FIRST);
    assertThat(under.remove(4).given().item().index()).isEqualTo(4);
    assertThat(under.remove(4)).isNull();
    assertThat(under.get(4)).isNull();
    assertThat(under.remove(8)).isNull();
    assertThat(under.remove(6).slot()).isSameAs(SECOND);
    assertThat(under.has(SECOND)).isFalse();
    assertThat(under.has(FIRST)).isTrue();
    assertThat(all()).containsExactly(3L, 5L, 9L, 7L);
  }

  @Test
  void anItemMayComeBackWhileOthersOfItsChunkAreUnderWay() {
    under.add(items(0, 1, 2), FIRST);
    under.remove(1);
    under.add(items(1), SECOND);
    assertThat(under.remove(1).slot()).isSameAs(SECOND);
    under.remove(0);
    under.remove(2);
    assertThat(under.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void itIsAMap(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TreeMap<Long, SlotWork> model = new TreeMap<>();
    for (int i = 0; i < 2000; i++) {
      if (random.nextBoolean()) {
        List<Long> free = new ArrayList<>();
        long from = random.nextLong(50);
        LongStream.range(from, from + random.nextInt(1, 10))
            .filter(index -> !model.containsKey(index))
            .forEach(free::add);
        SlotWork slot = random.nextBoolean() ? FIRST : SECOND;
        under.add(items(free.stream().mapToLong(Long::longValue).toArray()), slot);
        free.forEach(index -> model.put(index, slot));
      } else {
        for (int j = random.nextInt(10); j > 0; j--) {
          long index = random.nextLong(60);
          ItemsUnder.Under found = under.remove(index);
          assertThat(found == null ? null : found.slot()).isSameAs(model.remove(index));
        }
      }
      assertThat(all()).containsExactlyInAnyOrderElementsOf(model.keySet());
      assertThat(under.isEmpty()).isEqualTo(model.isEmpty());
      assertThat(under.has(FIRST)).isEqualTo(model.containsValue(FIRST));
    }
  }
}
