package dev.procpool.testkit.soak;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import dev.procpool.testkit.ProcessFigures;
import dev.procpool.testkit.RunOptions;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The soak: mixed {@link Work} on a pool that lives through the run and on pools that are made and
 * closed beside it, while heap, resident memory, descriptors and threads are measured at rest: from
 * the second measurement on they must not grow.
 *
 * <p>As a program it takes {@code --seed N --minutes M}, prints a line a minute and a summary, and
 * exits with 1 if there was a fault. It is to be given a small heap.
 */
public final class SoakRun {

  private static final Duration JOIN_BOUND = Duration.ofMinutes(1);
  private static final int WORKERS = 2;
  private static final int WORKS_OF_A_POOL = 5;
  private static final int MOST_BETWEEN_POOLS = 40;

  private final SplittableRandom random;
  private final long seed;
  private final Duration time;
  private final Duration period;
  private final PrintStream out;
  private final AtomicLong lines = new AtomicLong();
  private final AtomicLong records = new AtomicLong();
  private final List<String> faults = new ArrayList<>();
  private long works;
  private long pools;

  /**
   * Prepares a run.
   *
   * @param seed what is done follows from it
   * @param time for how long; at least three periods
   * @param period how often to measure
   * @param out where figures and summary go
   */
  public SoakRun(long seed, Duration time, Duration period, PrintStream out) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.time = time;
    this.period = period;
    this.out = out;
  }

  /**
   * Runs.
   *
   * @return the faults; none if all is well
   * @throws InterruptedException if this thread was interrupted
   */
  public List<String> run() throws InterruptedException {
    out.println("soak, seed " + seed + ", Java " + Runtime.version());
    long begin = System.nanoTime();
    List<ProcessFigures> figures = new ArrayList<>();
    Pool lasting = pool();
    try {
      while (System.nanoTime() - begin < time.toNanos()) {
        work(lasting, System.nanoTime() + period.toNanos());
        figures.add(measured(lasting));
        out.println(
            works + " works, " + pools + " pools closed: " + figures.get(figures.size() - 1));
      }
    } catch (IllegalStateException e) {
      faults.add(e + ", cause " + e.getCause());
    } finally {
      close(lasting);
    }
    ProcessFigures last = ProcessFigures.now();
    if (figures.size() > 2) {
      faults.addAll(Growth.between(figures.get(1), figures.get(figures.size() - 1)));
      faults.addAll(Growth.between(figures.get(1), last));
    }
    if (last.children() > 0) {
      faults.add(last.children() + " processes are left");
    }
    out.printf(
        "soak on Java %s, seed %d: %d works, %d pools, %d lines, %d log records, %d faults, %d s;"
            + " with its pool %s; at the end %s%n",
        Runtime.version().feature(),
        seed,
        works,
        pools,
        lines.get(),
        records.get(),
        faults.size(),
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin),
        figures.isEmpty() ? "nothing" : figures.get(figures.size() - 1),
        last);
    return faults;
  }

  private void work(Pool lasting, long end) throws InterruptedException {
    Work[] all = Work.values();
    int untilPool = random.nextInt(MOST_BETWEEN_POOLS);
    while (System.nanoTime() - end < 0) {
      all[random.nextInt(all.length)].perform(lasting, random);
      works++;
      if (untilPool-- == 0) {
        untilPool = random.nextInt(MOST_BETWEEN_POOLS);
        Pool other = pool();
        try {
          for (int i = 0; i < WORKS_OF_A_POOL; i++) {
            all[random.nextInt(all.length)].perform(other, random);
            works++;
          }
        } finally {
          close(other);
        }
      }
    }
  }

  /** Measures when as many workers are there as always. */
  private static ProcessFigures measured(Pool pool) throws InterruptedException {
    pool.resize(WORKERS);
    pool.prestart();
    Work.MAP.perform(pool, new SplittableRandom(1));
    return ProcessFigures.now();
  }

  private void close(Pool pool) throws InterruptedException {
    pools++;
    pool.shutdown();
    if (!pool.join(JOIN_BOUND)) {
      faults.add("a pool has not ended " + JOIN_BOUND + " after shutdown");
      pool.terminate();
    }
  }

  private Pool pool() {
    return ProcessPool.builder()
        .workers(WORKERS)
        .jvmOptions(List.of("-Xmx64m"))
        .restartIntensity(1_000_000, Duration.ofMinutes(1))
        .output(line -> lines.incrementAndGet())
        .forwardLogs(record -> records.incrementAndGet())
        .build();
  }

  /**
   * Runs as a program.
   *
   * @param args the options
   * @throws InterruptedException if this thread was interrupted
   */
  public static void main(String[] args) throws InterruptedException {
    RunOptions options = new RunOptions().with("--minutes", 10).read(args);
    long minutes = options.number("--minutes");
    Duration time = Duration.ofMinutes(minutes);
    Duration period = minutes < 3 ? time.dividedBy(4) : Duration.ofMinutes(1);
    System.exit(new SoakRun(options.seed(), time, period, System.out).run().isEmpty() ? 0 : 1);
  }
}
