package dev.procpool.spark.executor;

import dev.procpool.guard.SafeLog;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.apache.spark.SparkConf;

/**
 * How much memory the heaps of an executor's workers may take, unless the pool's options name it.
 * In a container that is what Spark has reserved beside the executor's heap: who takes more is
 * killed, and the executor with it. On a machine of a standalone cluster it is half of the memory,
 * shared out over its processors. Without state.
 */
final class WorkerHeap {

  /** What the core shares out over the workers of a JVM, in percent of the memory. */
  private static final String PROPERTY = "procpool.memoryPercent";

  /** Among how many workers at least: they start one after another. */
  private static final String SHARERS = "procpool.leastSharers";

  private static final long MIB = 1 << 20;

  /** Spark's own default, and what it says it is at least. */
  private static final double OVERHEAD_FACTOR = 0.1;

  private static final long LEAST_OVERHEAD = 384 * MIB;

  /** What a JVM takes beside its heap. */
  private static final long BESIDE = 64 * MIB;

  private static final long LEAST_HEAP = 16 * MIB;

  private WorkerHeap() {}

  /**
   * Sets it for this executor's JVM, unless somebody has.
   *
   * @throws IllegalStateException if a worker would have too little to start
   */
  static void apply(SparkConf conf) {
    if (System.getProperty(PROPERTY) == null) {
      int processors = Runtime.getRuntime().availableProcessors();
      int slots = slots(conf, processors);
      long total = totalMemory();
      double percent = percent(conf, total, processors);
      System.setProperty(SHARERS, Integer.toString(slots));
      System.setProperty(PROPERTY, String.format(Locale.ROOT, "%.4f", percent));
      SafeLog.log(
          System.Logger.Level.INFO,
          String.format(
              Locale.ROOT,
              "unless jvmOptions name it, the heap of each of %d workers here is %.0f MiB at most",
              slots,
              total * percent / 100 / slots / MIB),
          null);
    }
  }

  private static int slots(SparkConf conf, int processors) {
    return Math.max(
        1,
        conf.getInt("spark.executor.cores", processors)
            / Math.max(1, conf.getInt("spark.task.cpus", 1)));
  }

  private static long totalMemory() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize(); // of the container, if there is one
  }

  static double percent(SparkConf conf, long total, int processors) {
    int slots = slots(conf, processors);
    String master = conf.get("spark.master", "");
    if (!master.startsWith("yarn") && !master.startsWith("k8s")) {
      return 50.0 * slots / Math.max(slots, processors);
    }
    long heap = conf.getSizeAsMb("spark.executor.memory", "1g") * MIB;
    long least = Math.max(LEAST_OVERHEAD, (long) (heap * OVERHEAD_FACTOR));
    long overhead = conf.getSizeAsMb("spark.executor.memoryOverhead", least / MIB + "m") * MIB;
    long all = overhead - slots * BESIDE;
    if (all < slots * LEAST_HEAP) {
      throw new IllegalStateException(
          "spark.executor.memoryOverhead is "
              + overhead / MIB
              + " MiB, which is too little for "
              + slots
              + " worker processes beside the executor's heap: set it to at least "
              + slots * (BESIDE + LEAST_HEAP) / MIB
              + "m, and better to what your tasks need for each of spark.executor.cores");
    }
    return 100.0 * all / total;
  }
}
