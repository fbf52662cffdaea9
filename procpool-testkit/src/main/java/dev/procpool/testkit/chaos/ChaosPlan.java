package dev.procpool.testkit.chaos;

import dev.procpool.RetryPolicy;
import dev.procpool.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * What one round does, all of it decided by the seed. Immutable.
 *
 * @param seed what everything follows from
 * @param workers how many workers the pool has first
 * @param maxTasksPerWorker when workers are replaced
 * @param calls the calls; the first has an item of each kind
 */
record ChaosPlan(long seed, int workers, int maxTasksPerWorker, List<ChaosCall> calls) {

  private static final int WEIGHTS = total();

  static ChaosPlan of(long seed, int items) {
    SplittableRandom random = new SplittableRandom(seed);
    List<ChaosCall> calls = new ArrayList<>();
    int left = items;
    while (left > 0) {
      boolean first = calls.isEmpty();
      int least = first ? ItemKind.values().length : 1;
      int size = Math.max(least, Math.min(left, random.nextInt(1, 60)));
      calls.add(call(calls.size(), size, first, random));
      left -= size;
    }
    return new ChaosPlan(
        seed, random.nextInt(2, 5), random.nextInt(20, 100), Collections.unmodifiableList(calls));
  }

  private static ChaosCall call(int number, int size, boolean first, SplittableRandom random) {
    boolean limited = first || random.nextInt(3) > 0;
    List<ItemKind> kinds = new ArrayList<>(first ? List.of(ItemKind.values()) : List.of());
    while (kinds.size() < size) {
      ItemKind kind = kind(random);
      if (limited || !kind.hangs()) {
        kinds.add(kind);
      }
    }
    Collections.shuffle(kinds, new Random(random.nextLong()));
    List<ChaosItem> items = new ArrayList<>();
    for (ItemKind kind : kinds) {
      items.add(new ChaosItem(items.size(), kind, random.nextInt()));
    }
    ChaosCall.Cancel cancel =
        first || random.nextInt(5) > 0
            ? ChaosCall.Cancel.NEVER
            : random.nextBoolean() ? ChaosCall.Cancel.RUNNING : ChaosCall.Cancel.NOT_STARTED;
    return new ChaosCall(
        number,
        Collections.unmodifiableList(items),
        options(limited, random),
        cancel,
        Duration.ofMillis(random.nextInt(1500)));
  }

  private static TaskOptions options(boolean limited, SplittableRandom random) {
    TaskOptions options = TaskOptions.defaults();
    if (random.nextInt(3) > 0) {
      options = options.chunkSize(random.nextInt(1, 25));
    }
    if (limited) {
      options = options.timeout(Duration.ofMillis(random.nextInt(500, 1000)));
    }
    RetryPolicy policy = RetryPolicy.attempts(random.nextInt(2, 4));
    if (random.nextBoolean()) {
      policy = policy.backoff(Duration.ofMillis(20), Duration.ofMillis(100));
    }
    return switch (random.nextInt(6)) {
      case 0 -> options.retry(policy.onWorkerLost());
      case 1 -> options.retry(policy.onWorkerLost().on(ChaosTask.OwnException.class));
      case 2 -> options.retry(policy);
      default -> options;
    };
  }

  private static ItemKind kind(SplittableRandom random) {
    int at = random.nextInt(WEIGHTS);
    for (ItemKind kind : ItemKind.values()) {
      at -= kind.weight;
      if (at < 0) {
        return kind;
      }
    }
    throw new AssertionError("weights changed");
  }

  private static int total() {
    int total = 0;
    for (ItemKind kind : ItemKind.values()) {
      total += kind.weight;
    }
    return total;
  }
}
