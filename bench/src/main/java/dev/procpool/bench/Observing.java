package dev.procpool.bench;

import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import dev.procpool.local.ProcessPool;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What each way to see a pool run costs where items cost next to nothing: rounds in pairs, with and
 * without it.
 */
final class Observing {

  private static final int CHUNK = 16;

  private Observing() {}

  static void measure(Options options, Peers peers, Table table) throws Exception {
    List<Args2<Integer, Double>> items = new ArrayList<>();
    for (int i = 0; i < options.pick(200_000, 1_000_000); i++) {
      items.add(Args.of(i, 0.5));
    }
    try (WatchedPool alone = open(EnumSet.noneOf(Watcher.class))) {
      for (Watcher watcher : Watcher.values()) {
        pairs(alone, EnumSet.of(watcher), watcher.words(), items, options, table);
      }
      pairs(alone, EnumSet.allOf(Watcher.class), "all of these", items, options, table);
    }
  }

  private static WatchedPool open(Set<Watcher> watchers) throws Exception {
    return WatchedPool.open(watchers, ProcessPool.builder().workers(2));
  }

  private static void pairs(
      WatchedPool alone,
      Set<Watcher> watchers,
      String words,
      List<Args2<Integer, Double>> items,
      Options options,
      Table table)
      throws Exception {
    int warmUps = options.pick(3, 25);
    int rounds = 3 * options.rounds();
    double[] unseen = new double[rounds];
    double[] observed = new double[rounds];
    double[] ratios = new double[rounds];
    try (WatchedPool watched = open(watchers)) {
      for (int i = -warmUps; i < rounds; i++) {
        boolean first = i % 2 == 0; // each goes first in turn
        double before = first ? rate(alone, items) : rate(watched, items);
        double after = first ? rate(watched, items) : rate(alone, items);
        if (i >= 0) {
          unseen[i] = first ? before : after;
          observed[i] = first ? after : before;
          ratios[i] = observed[i] / unseen[i];
        }
      }
    }
    table
        .ours(
            "starmapAsync, chunk size %d, with %s; median of %d pairs: %.3f of without"
                .formatted(CHUNK, words, rounds, Rounds.middle(ratios)),
            "items/s",
            Table.Better.HIGHER,
            Rounds.middle(observed))
        .beside("without", Rounds.middle(unseen));
  }

  private static double rate(WatchedPool watched, List<Args2<Integer, Double>> items)
      throws Exception {
    Pool view = watched.pool().with(TaskOptions.defaults().chunkSize(CHUNK));
    return watched.during(
        () -> items.size() / Rounds.seconds(() -> view.starmapAsync(Work::add, items).get()));
  }
}
