import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import dev.procpool.local.ProcessPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Compares a pool of two worker processes with a pool of two threads in the same run.
 *
 * <p>Run it with {@code bench/run}. Medians of several rounds after warm-up; the thread pool takes one
 * task an item.
 */
public class Comparison {

  private static final int ITEMS = 200_000;
  private static final int ROUNDS = 7;
  private static final int CALLS = 2_000;

  static int task(int i, double x) {
    return i + (int) x;
  }

  public static void main(String[] args) throws Exception {
    System.out.printf(
        "%d processors, %s %s, Java %s%n",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("java.version"));
    List<Args2<Integer, Double>> items = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      items.add(Args.of(i, 0.5));
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    double peer = rate(() -> throughThreads(threads, items));
    row("items/s, thread pool, a task an item", peer, peer);
    double start = median(Comparison::startToFirst);
    try (Pool pool = ProcessPool.create(2)) {
      for (int chunk : new int[] {1, 16, 0}) {
        TaskOptions options = TaskOptions.defaults();
        Pool view = pool.with(chunk == 0 ? options : options.chunkSize(chunk));
        double ours = rate(() -> view.starmapAsync(Comparison::task, items).get());
        row("items/s, processes, chunk " + (chunk == 0 ? "automatic" : chunk), ours, peer);
      }
      double threadTrip = median(() -> trip(() -> threads.submit(() -> task(1, 0.5)).get()));
      double trip = median(() -> trip(() -> pool.apply(Comparison::task, 1, 0.5)));
      row("round trip µs, thread pool", threadTrip, threadTrip);
      row("round trip µs, processes", trip, threadTrip);
    }
    row("nothing to first result ms, processes", start, start);
    threads.shutdown();
  }

  private static Object throughThreads(
      ExecutorService threads, List<Args2<Integer, Double>> items) throws Exception {
    List<Future<Integer>> futures = new ArrayList<>();
    for (Args2<Integer, Double> item : items) {
      futures.add(threads.submit(() -> task(item.first(), item.second())));
    }
    List<Integer> values = new ArrayList<>();
    for (Future<Integer> future : futures) {
      values.add(future.get());
    }
    return values;
  }

  private static double startToFirst() throws Exception {
    long begin = System.nanoTime();
    try (Pool pool = ProcessPool.create(2)) {
      pool.apply(Comparison::task, 1, 0.5);
      return (System.nanoTime() - begin) / 1e6;
    }
  }

  private static double trip(Callable<Object> call) throws Exception {
    double[] micros = new double[CALLS];
    for (int i = 0; i < CALLS; i++) {
      long begin = System.nanoTime();
      call.call();
      micros[i] = (System.nanoTime() - begin) / 1e3;
    }
    return middle(micros);
  }

  private static double rate(Callable<Object> call) throws Exception {
    return median(
        () -> {
          long begin = System.nanoTime();
          call.call();
          return ITEMS / ((System.nanoTime() - begin) / 1e9);
        });
  }

  private static double median(Callable<Double> measure) throws Exception {
    double[] results = new double[ROUNDS];
    for (int i = -2; i < ROUNDS; i++) { // two rounds to warm up
      double result = measure.call();
      if (i >= 0) {
        results[i] = result;
      }
    }
    return middle(results);
  }

  private static double middle(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static void row(String what, double value, double peer) {
    System.out.printf("%8.2f of the peer  %,14.1f  %s%n", value / peer, value, what);
  }
}
