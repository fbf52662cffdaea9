package dev.procpool.bench;

import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import dev.procpool.local.ProcessPool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** How many items of next to no work a second go through {@code starmapAsync}. */
final class Throughput {

  private static final int AUTOMATIC = 0;

  private Throughput() {}

  static void measure(Options options, Peers peers, Table table) throws Exception {
    List<Args2<Integer, Double>> items = new ArrayList<>();
    for (int i = 0; i < options.pick(200_000, 1_000_000); i++) {
      items.add(Args.of(i, 0.5));
    }
    double threads = rate(options, items.size(), () -> throughThreads(peers.threads, items));
    for (int chunk : new int[] {1, 16, AUTOMATIC}) {
      // a pool for each: what one call has taught the compiler is not the next one's
      try (Pool pool = ProcessPool.create(2)) {
        TaskOptions defaults = TaskOptions.defaults();
        Pool view = pool.with(chunk == AUTOMATIC ? defaults : defaults.chunkSize(chunk));
        double ours = rate(options, items.size(), () -> view.starmapAsync(Work::add, items).get());
        table
            .ours(
                "starmapAsync, (int, double) -> int, "
                    + (chunk == AUTOMATIC ? "automatic chunks" : "chunk size " + chunk),
                "items/s",
                Table.Better.HIGHER,
                ours)
            .reach(chunk == 1 ? 4e6 : chunk == 16 ? 6e6 : 10e6)
            .beside("thread pool, a task an item", threads)
            .beside(peers.pythonName(), peers.python("chunk " + chunk))
            .beside(peers.nodeName(), chunk == 1 ? peers.node("chunk 1") : Double.NaN);
      }
    }
  }

  private static Object throughThreads(ExecutorService threads, List<Args2<Integer, Double>> items)
      throws Exception {
    List<Future<Integer>> futures = new ArrayList<>();
    for (Args2<Integer, Double> item : items) {
      futures.add(threads.submit(() -> Work.add(item.first(), item.second())));
    }
    List<Integer> values = new ArrayList<>();
    for (Future<Integer> future : futures) {
      values.add(future.get());
    }
    return values;
  }

  private static double rate(Options options, int items, Callable<?> call) throws Exception {
    // what a compiler does in the background takes half of a processor for the first ten or more
    return Rounds.median(options.pick(3, 25), options.rounds(), () -> items / Rounds.seconds(call));
  }
}
