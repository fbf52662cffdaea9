package dev.procpool.bench;

import dev.procpool.Pool;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.TaskOptions;
import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import dev.procpool.local.ProcessPool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What an observer of everything costs where items cost next to nothing: rounds in pairs. */
final class Observing {

  private static final int CHUNK = 16;

  private Observing() {}

  /** Looks at each event. */
  private static final class Everything implements PoolObserver {

    private final AtomicLong nanos = new AtomicLong();

    @Override
    public void itemsSent(PoolEvent.ItemsSent event) {
      nanos.lazySet(event.bytes());
    }

    @Override
    public void itemsEnded(PoolEvent.ItemsEnd event) {
      long sum = 0;
      for (int i = 0; i < event.size(); i++) {
        sum += event.runNanos(i) + event.index(i);
      }
      nanos.lazySet(sum);
    }
  }

  static void measure(Options options, Peers peers, Table table) throws Exception {
    List<Args2<Integer, Double>> items = new ArrayList<>();
    for (int i = 0; i < options.pick(200_000, 1_000_000); i++) {
      items.add(Args.of(i, 0.5));
    }
    int warmUps = options.pick(3, 25);
    int rounds = 3 * options.rounds();
    double[] alone = new double[rounds];
    double[] observed = new double[rounds];
    double[] ratios = new double[rounds];
    try (Pool pool = ProcessPool.create(2);
        Pool other = ProcessPool.builder().workers(2).observer(new Everything()).build()) {
      for (int i = -warmUps; i < rounds; i++) {
        boolean first = i % 2 == 0; // each goes first in turn
        double before = first ? rate(pool, items) : rate(other, items);
        double after = first ? rate(other, items) : rate(pool, items);
        if (i >= 0) {
          alone[i] = first ? before : after;
          observed[i] = first ? after : before;
          ratios[i] = observed[i] / alone[i];
        }
      }
    }
    table
        .ours(
            "starmapAsync, chunk size "
                + CHUNK
                + ", with an observer of everything; median of pairs: %.3f of without"
                    .formatted(Rounds.middle(ratios)),
            "items/s",
            Table.Better.HIGHER,
            Rounds.middle(observed))
        .beside("without an observer", Rounds.middle(alone));
  }

  private static double rate(Pool pool, List<Args2<Integer, Double>> items) throws Exception {
    Pool view = pool.with(TaskOptions.defaults().chunkSize(CHUNK));
    return items.size() / Rounds.seconds(() -> view.starmapAsync(Work::add, items).get());
  }
}
