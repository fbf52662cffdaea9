package dev.procpool.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Outcome;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The collections of this package against those of the JDK, on random steps. */
class StructureTest {

  private final long seed = System.nanoTime();
  private final SplittableRandom random = new SplittableRandom(seed);

  @Test
  void aLongSetIsASet() {
    LongSet set = new LongSet();
    Set<Long> oracle = new HashSet<>();
    for (int step = 0; step < 200_000; step++) {
      long value = random.nextLong(1 + step / 100);
      if (random.nextInt(100) < 55) {
        set.add(value);
        oracle.add(value);
      } else {
        assertThat(set.remove(value)).as("seed %d", seed).isEqualTo(oracle.remove(value));
      }
      assertThat(set.size()).as("seed %d", seed).isEqualTo(oracle.size());
    }
  }

  @Test
  void aLongQueueIsAQueue() {
    LongQueue queue = new LongQueue();
    Queue<Long> oracle = new ArrayDeque<>();
    for (int step = 0; step < 100_000; step++) {
      if (oracle.isEmpty() || random.nextInt(100) < 51) {
        long value = random.nextLong();
        queue.add(value);
        oracle.add(value);
      } else {
        assertThat(queue.remove()).as("seed %d", seed).isEqualTo(oracle.remove());
      }
      assertThat(queue.isEmpty()).isEqualTo(oracle.isEmpty());
    }
  }

  @Test
  void aTableIsAMap() {
    OutcomeTable<Object> table = new OutcomeTable<>(random.nextLong(-1, 6000));
    Map<Long, Outcome<Object>> oracle = new HashMap<>();
    long lowest = Long.MAX_VALUE;
    for (int step = 0; step < 30_000; step++) {
      long index = random.nextLong(20_000);
      int kind = random.nextInt(4);
      Object value = kind == 0 ? null : step;
      WorkerName by = WorkerName.of("host-" + index % 3, 7 + index % 5);
      Outcome<Object> outcome =
          kind == 3
              ? new Outcome.Cancelled<>(index, 1, Duration.ZERO, 3)
              : new Attempt(index, 1 + kind / 2, step, by).succeeded(value);
      boolean stored =
          outcome.isSuccess()
              ? table.putSuccess(index, value, outcome.attempts(), step, by)
              : table.put(outcome);
      assertThat(stored).as("seed %d", seed).isEqualTo(oracle.putIfAbsent(index, outcome) == null);
      if (stored && !outcome.isSuccess()) {
        lowest = Math.min(lowest, index);
      }
    }
    for (long index = 0; index < 25_000; index++) {
      assertThat(table.get(index)).as("seed %d", seed).isEqualTo(oracle.get(index));
      assertThat(table.contains(index)).isEqualTo(oracle.containsKey(index));
    }
    assertThat(table.firstFailure()).isEqualTo(lowest);
  }

  @Test
  void buffersGiveEveryResultOnceInTheirOrder() {
    for (int round = 0; round < 200; round++) {
      OrderedBuffer<Integer> ordered = new OrderedBuffer<>();
      ArrivalBuffer<Integer> arrivals = new ArrivalBuffer<>();
      TreeMap<Long, Outcome<Integer>> byIndex = new TreeMap<>();
      Queue<Outcome<Integer>> byArrival = new ArrayDeque<>();
      long expected = 0;
      long head = 0;
      for (int step = 0; step < 500; step++) {
        int kind = random.nextInt(3);
        if (kind == 0) {
          expected += random.nextInt(40);
          ordered.expect(expected);
          arrivals.expect(expected);
        } else if (kind == 1 && expected > 0) {
          long index = random.nextLong(expected);
          Outcome<Integer> outcome = new Outcome.Success<>(index, 1, Duration.ZERO, 7, step);
          boolean fresh = index >= head && byIndex.putIfAbsent(index, outcome) == null;
          assertThat(ordered.put(outcome)).as("seed %d", seed).isEqualTo(fresh);
          if (arrivals.put(outcome)) {
            byArrival.add(outcome);
          }
        } else {
          assertThat(ordered.hasNext()).as("seed %d", seed).isEqualTo(byIndex.containsKey(head));
          if (ordered.hasNext()) {
            assertThat(ordered.take()).as("seed %d", seed).isEqualTo(byIndex.remove(head++));
          }
          assertThat(arrivals.hasNext()).as("seed %d", seed).isEqualTo(!byArrival.isEmpty());
          if (arrivals.hasNext()) {
            assertThat(arrivals.take()).as("seed %d", seed).isEqualTo(byArrival.remove());
          }
        }
      }
    }
  }
}
