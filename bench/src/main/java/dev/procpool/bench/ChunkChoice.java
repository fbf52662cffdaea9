package dev.procpool.bench;

import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What automatic chunks cost beside the best size that one could have picked by hand. */
final class ChunkChoice {

  private static final int[] SIZES = {1, 4, 16, 64, 256, 1024, 8192};
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;

  private ChunkChoice() {}

  static void measure(Options options, Peers peers, Table table) throws Exception {
    try (Pool pool = ProcessPool.create(2)) {
      compare(options, table, pool, "1 µs", MICRO, options.pick(100_000, 500_000));
      compare(options, table, pool, "1 ms", MILLI, options.pick(500, 2_000));
      compare(options, table, pool, "100 ms", 100 * MILLI, options.pick(8, 40));
      mix(options, peers, table, pool);
    }
  }

  private static void compare(
      Options options, Table table, Pool pool, String name, long nanos, int count)
      throws Exception {
    List<Long> items = Collections.nCopies(count, nanos);
    double automatic = millis(options, pool, items);
    double best = Double.MAX_VALUE;
    int bestSize = 0;
    for (int size : SIZES) {
      if (size <= Math.max(1, count / 8)) {
        Pool view = pool.with(TaskOptions.defaults().chunkSize(size));
        double time = millis(options, view, items);
        if (time < best) {
          best = time;
          bestSize = size;
        }
      }
    }
    table
        .ours(
            "%,d items of %s, automatic chunks".formatted(count, name),
            "ms",
            Table.Better.LOWER,
            automatic)
        .reach(best * 1.2)
        .beside("best by hand: chunk size " + bestSize, best)
        .beside("ideal", count * (nanos / 1e6) / 2);
  }

  private static void mix(Options options, Peers peers, Table table, Pool pool) throws Exception {
    List<Long> items = new ArrayList<>();
    for (int i = 0; i < peers.longItems(); i++) {
      items.add(500 * MILLI);
      items.addAll(Collections.nCopies(49, MILLI));
    }
    double ideal = items.stream().mapToLong(nanos -> nanos).sum() / 1e6 / 2;
    table
        .ours(
            "%d items of 1 ms, 2 %% of them of 500 ms, automatic chunks".formatted(items.size()),
            "ms",
            Table.Better.LOWER,
            Rounds.median(0, options.pick(1, 3), () -> millis(pool, items)))
        .reach(ideal * 1.1)
        .beside(peers.pythonName(), peers.python("mix"))
        .beside("ideal", ideal);
  }

  private static double millis(Options options, Pool pool, List<Long> items) throws Exception {
    return Rounds.median(1, options.pick(1, 3), () -> millis(pool, items));
  }

  private static double millis(Pool pool, List<Long> items) throws Exception {
    return Rounds.seconds(() -> pool.map(Work::spin, items)) * 1e3;
  }
}
