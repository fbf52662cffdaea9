package dev.procpool.local.launch;

import dev.procpool.process.ContainerMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pool's part of the machine's or container's memory and processors: shared out evenly over the
 * workers of all pools in this JVM, when a worker starts. Pools nested in tasks share out a part of
 * their worker's part.
 *
 * <p>Thread-safe.
 */
public final class MachineShare {

  /** Tells a worker what its own pools may share out. */
  private static final String PROPERTY = "procpool.memoryPercent";

  /** Tells a worker in a box how much memory there is, in bytes: it can't find out. */
  private static final String MEMORY = "procpool.memory";

  /** Among how many workers to share out at least: an executor of a cluster knows how many come. */
  private static final int LEAST_SHARERS =
      Math.max(1, Integer.getInteger("procpool.leastSharers", 1));

  /** The part of the memory that all heaps of the workers together may take. */
  private static final String DEFAULT_PERCENT = "60";

  /**
   * Of each worker's part this is for pools nested in it: at any depth, all together stay below 1.
   */
  private static final double NESTED = 1.0 / 3;

  /** A JVM with less does not start. */
  private static final double MIN_PERCENT = 0.5;

  private static final AtomicInteger ALL_WORKERS = new AtomicInteger();

  private final AtomicInteger workers = new AtomicInteger();

  public MachineShare(int workers) {
    resize(workers);
  }

  /** Changes how many workers the pool may have; 0 when it has ended. */
  public void resize(int number) {
    int before = workers.getAndSet(number);
    ALL_WORKERS.addAndGet(number - before);
  }

  /** Among how many workers the machine is shared out now. */
  public int sharers() {
    return Math.max(LEAST_SHARERS, ALL_WORKERS.get());
  }

  /**
   * The options for a worker that starts now.
   *
   * @param isBoxed whether it may not see the limits of the container
   */
  List<String> options(int all, boolean isBoxed) {
    double budget = Double.parseDouble(System.getProperty(PROPERTY, DEFAULT_PERCENT));
    double percent = Math.max(MIN_PERCENT, budget / all);
    int processors = Math.max(1, Runtime.getRuntime().availableProcessors() / all);
    List<String> options = new ArrayList<>();
    options.add("-XX:ActiveProcessorCount=" + processors);
    options.add("-XX:MaxRAMPercentage=" + rounded(percent));
    options.add("-D" + PROPERTY + "=" + rounded(percent * NESTED));
    long told = Long.getLong(MEMORY, 0);
    long memory = told == 0 && isBoxed ? ContainerMemory.limit() : told;
    if (memory > 0) {
      options.add("-XX:MaxRAM=" + memory); // which the percentage is of
      options.add("-D" + MEMORY + "=" + memory);
    }
    return options;
  }

  /** To four decimals; none is so small that it would be written with an exponent. */
  private static double rounded(double percent) {
    return Math.rint(percent * 10_000) / 10_000;
  }
}
