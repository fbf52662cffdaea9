package dev.procpool.spark;

import dev.procpool.Pool;
import dev.procpool.testkit.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/**
 * What a pool on a cluster costs beside Spark alone, on the same cluster in one sitting: two
 * executors of one core each, on this machine. Run it with {@code bench/run --spark}, which runs
 * {@link DriverCost} as well.
 */
public final class SparkBench {

  private static final int ITEMS = 20_000;
  private static final int CHUNK = 100;
  private static final int NAPS = 400;
  private static final int NAP_MILLIS = 10;
  private static final int ROUNDS = 7;
  private static final int WARM_UPS = 5;

  private SparkBench() {}

  /** What bare Spark is given to do: nothing. */
  static final class Same implements Function<Integer, Integer> {
    private static final long serialVersionUID = 1;

    @Override
    public Integer call(Integer number) {
      return number;
    }
  }

  /**
   * Measures, and prints a table.
   *
   * @param arguments {@code --cost} for what the driver spends alone
   * @throws Exception if a cluster can't be started
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("spark-bench-");
    try (SparkCluster cluster = SparkCluster.start(folder, 2, 1, Map.of())) {
      SparkConf conf = cluster.conf().setJars(new String[] {jar(folder).toString()});
      try (JavaSparkContext context = new JavaSparkContext(conf)) {
        cluster.awaitExecutors(context, 2);
        System.out.printf(
            Locale.ROOT,
            "%d processors, Java %s, Spark %s; median of %d%n",
            Runtime.getRuntime().availableProcessors(),
            Runtime.version(),
            context.version(),
            ROUNDS);
        if (!List.of(arguments).contains("--cost")) {
          measure(context);
        }
        DriverCost.measure(context);
      }
    }
    Folders.remove(folder);
    System.exit(0);
  }

  private static void measure(JavaSparkContext context) throws Exception {
    List<Integer> items = IntStream.range(0, ITEMS).boxed().toList();
    double inChunks = seconds(() -> bare(context, items, ITEMS / CHUNK));
    double inTwo = seconds(() -> bare(context, items, 2));
    double job = seconds(() -> bare(context, List.of(1), 1));
    double first;
    double two;
    double napping;
    try (Pool pool = SparkPool.builder(context).workers(2).build()) {
      double chunks = seconds(() -> pool.withChunkSize(CHUNK).map(x -> x, items));
      tell(
          "no-op items, chunks of 100, beside partitions of 100 (aim: at most 1.5)",
          chunks / inChunks);
      tell("    items a second", ITEMS / chunks);
      double automatic = seconds(() -> pool.map(x -> x, items));
      tell("no-op items, automatic, beside two partitions (aim: at most 1.5)", automatic / inTwo);
      tell("    beside partitions of 100", automatic / inChunks);
      tell("    items a second", ITEMS / automatic);
      first = seconds(() -> pool.apply(() -> 1));
      two = seconds(() -> burns(pool));
      napping = seconds(() -> naps(pool));
    }
    tell("first result, warm, beside a job of one task (aim: at most 3)", first / job);
    tell("items of 10 ms on two executors, share of ideal (aim: 0.95)", ideal() / napping);
    try (Pool pool = SparkPool.builder(context).workers(1).build()) {
      tell("from one executor to two, items that wait", seconds(() -> naps(pool)) / napping);
      tell("from one executor to two, items that compute", seconds(() -> burns(pool)) / two);
    }
  }

  private static double ideal() {
    return NAPS * NAP_MILLIS / 1e3 / 2;
  }

  private static List<Integer> bare(JavaSparkContext context, List<Integer> items, int parts) {
    return context.parallelize(items, parts).map(new Same()).collect();
  }

  private static List<Integer> naps(Pool pool) throws Exception {
    return pool.map(
        x -> {
          TimeUnit.MILLISECONDS.sleep(NAP_MILLIS);
          return x;
        },
        IntStream.range(0, NAPS).boxed().toList());
  }

  private static List<Integer> burns(Pool pool) throws Exception {
    return pool.map(
        x -> {
          long sum = x;
          for (int i = 1; i < 5_000_000; i++) {
            sum = sum / (i & 15 | 1) + i;
          }
          return (int) sum;
        },
        IntStream.range(0, NAPS / 4).boxed().toList());
  }

  private static void tell(String what, double value) {
    System.out.printf(Locale.ROOT, "%10.2f  %s%n", value, what);
  }

  /** The median, after rounds that don't count. */
  static double seconds(Callable<?> work) throws Exception {
    double[] seconds = new double[ROUNDS];
    for (int i = -WARM_UPS; i < ROUNDS; i++) {
      long begin = System.nanoTime();
      work.call();
      if (i >= 0) {
        seconds[i] = (System.nanoTime() - begin) / 1e9;
      }
    }
    Arrays.sort(seconds);
    return seconds[ROUNDS / 2];
  }

  /** A jar with the one class that bare Spark needs on its executors. */
  private static Path jar(Path folder) throws IOException {
    Path jar = folder.resolve("bench.jar");
    String entry = Same.class.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        InputStream bytes = Same.class.getResourceAsStream("/" + entry)) {
      out.putNextEntry(new JarEntry(entry));
      bytes.transferTo(out);
      out.closeEntry();
    }
    return jar;
  }
}
