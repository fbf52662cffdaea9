package dev.procpool.bench;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.time.Duration;
import java.util.concurrent.Callable;

/** How long one {@code apply} takes in the middle of many. */
final class RoundTrip {

  /** Before that the compiler is at work, and what it has not compiled calls for it again. */
  private static final int WARM_UP_CALLS = 100_000;

  private static final Duration SPIN = Duration.ofMillis(1);

  private RoundTrip() {}

  static void measure(Options options, Peers peers, Table table) throws Exception {
    int calls = options.pick(5_000, 30_000);
    double threads = median(calls, () -> peers.threads.submit(() -> Work.add(1, 0.5)).get());
    try (Pool pool = ProcessPool.create(2)) {
      row(peers, table, "default", 15, threads, median(calls, () -> pool.apply(Work::add, 1, 0.5)));
    }
    try (Pool pool = ProcessPool.builder().workers(2).spinWait(SPIN).build()) {
      row(peers, table, "spinning", 2, threads, median(calls, () -> pool.apply(Work::add, 1, 0.5)));
    }
  }

  private static void row(
      Peers peers, Table table, String how, double aim, double threads, double ours) {
    table
        .ours("apply, round trip, " + how, "µs", Table.Better.LOWER, ours)
        .reach(aim)
        .beside("thread pool", threads)
        .beside(peers.pythonName(), peers.python("trip"))
        .beside(peers.nodeName(), peers.node("trip"));
  }

  private static double median(int calls, Callable<?> call) throws Exception {
    return Rounds.median(WARM_UP_CALLS, calls, () -> Rounds.seconds(call) * 1e6);
  }
}
