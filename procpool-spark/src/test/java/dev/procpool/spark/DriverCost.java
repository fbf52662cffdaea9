package dev.procpool.spark;

import com.sun.management.OperatingSystemMXBean;
import dev.procpool.Pool;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What a driver spends on a chunk and on an item: processor time, and bytes that it sends and
 * receives, all threads and Spark's part included. From runs with two sizes of chunks, since a run
 * costs {@code chunks × a chunk + items × an item}. See {@code docs/scale.md}.
 */
final class DriverCost {

  private static final int SMALL = 10;
  private static final int LARGE = 200;
  private static final int ITEMS = 40_000;
  private static final int ROUNDS = 5;

  private DriverCost() {}

  /** What a run took: processor seconds and bytes. */
  private record Spent(double seconds, double bytes) {

    static Spent now() throws IOException, InterruptedException {
      OperatingSystemMXBean system =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      double bytes = Connections.bytes(ProcessHandle.current().pid());
      return new Spent(system.getProcessCpuTime() / 1e9, bytes);
    }

    Spent since(Spent before) {
      return new Spent(seconds - before.seconds, bytes - before.bytes);
    }
  }

  static void measure(JavaSparkContext context) throws Exception {
    List<Integer> items = IntStream.range(0, ITEMS).boxed().toList();
    try (Pool pool = SparkPool.builder(context).workers(2).build()) {
      run(pool, items, SMALL); // compiles
      run(pool, items, LARGE);
      Spent small = run(pool, items, SMALL);
      Spent large = run(pool, items, LARGE);
      double chunks = ROUNDS * (ITEMS / SMALL - ITEMS / LARGE);
      double aChunk = (small.seconds - large.seconds) / chunks;
      double anItem = (large.seconds / ROUNDS - aChunk * ITEMS / LARGE) / ITEMS;
      double bytesOfChunk = (small.bytes - large.bytes) / chunks;
      double bytesOfItem = (large.bytes / ROUNDS - bytesOfChunk * ITEMS / LARGE) / ITEMS;
      tell("microseconds of the driver's processor a chunk", aChunk * 1e6);
      tell("microseconds of the driver's processor an item", anItem * 1e6);
      tell("bytes that the driver sends and receives a chunk", bytesOfChunk);
      tell("bytes that the driver sends and receives an item of an int", bytesOfItem);
    }
  }

  private static Spent run(Pool pool, List<Integer> items, int chunk) throws Exception {
    Spent before = Spent.now();
    for (int i = 0; i < ROUNDS; i++) {
      pool.withChunkSize(chunk).map(x -> x, items);
    }
    return Spent.now().since(before);
  }

  private static void tell(String what, double value) {
    System.out.printf(Locale.ROOT, "%10.1f  %s%n", value, what);
  }
}
