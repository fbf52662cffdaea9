package dev.procpool.testkit.integrity;

import static java.util.Objects.requireNonNull;

import dev.procpool.Pool;
import dev.procpool.WorkerOutput;
import dev.procpool.local.ProcessPool;
import dev.procpool.testkit.ProcessFigures;
import dev.procpool.testkit.RunOptions;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The integrity run: numbered items with checksums through one pool, in calls of several forms and
 * chunk sizes, two at a time, while workers are killed, stopped and resized. Items of lost workers
 * are tried again. No result may be wrong, doubled or missing.
 *
 * <p>As a program it takes {@code --seed N --items N}, prints its progress and a summary, and exits
 * with 1 if there was a fault. Memory is bounded: results are checked and dropped.
 */
public final class IntegrityRun {

  private static final int CALLERS = 2;
  private static final int WORKERS = 3;
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final Duration JOIN_BOUND = Duration.ofMinutes(1);

  private final long seed;
  private final long items;
  private final PrintStream out;
  private final AtomicLong given = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong wrong = new AtomicLong();
  private final AtomicLong doubled = new AtomicLong();
  private final AtomicLong missing = new AtomicLong();
  private final AtomicLong shownAt = new AtomicLong(System.nanoTime());

  /**
   * Prepares a run.
   *
   * @param seed what is done follows from it; when it is done does not
   * @param items how many items to run
   * @param out where progress and summary go
   */
  public IntegrityRun(long seed, long items, PrintStream out) {
    this.seed = seed;
    this.items = items;
    this.out = out;
  }

  /**
   * Runs.
   *
   * @return the faults; none if all is well
   * @throws InterruptedException if this thread was interrupted
   */
  public List<String> run() throws InterruptedException {
    out.println("integrity run, seed " + seed + ", Java " + Runtime.version());
    long begin = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    List<String> faults = new ArrayList<>();
    Pool pool =
        ProcessPool.builder()
            .workers(WORKERS)
            .jvmOptions(List.of("-Xmx128m"))
            .restartIntensity(1_000_000, Duration.ofMinutes(1)) // idle workers are killed, too
            .output(WorkerOutput.discard())
            .build();
    Disturber disturber = new Disturber(pool, random.nextLong());
    ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    try (disturber) {
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        SplittableRandom own = random.split();
        callers.add(threads.submit(() -> call(pool, own)));
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
    } catch (ExecutionException e) {
      Throwable failure = requireNonNull(e.getCause());
      faults.add("a caller failed: " + failure + ", " + failure.getCause());
      pool.terminate();
    } finally {
      threads.shutdownNow();
      pool.shutdown();
      if (!pool.join(JOIN_BOUND)) {
        faults.add("the pool has not ended " + JOIN_BOUND + " after shutdown");
        pool.terminate();
      }
    }
    if (wrong.get() + doubled.get() + missing.get() > 0 || done.get() < items) {
      faults.add(counts());
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
    out.printf(
        "integrity run on Java %s, seed %d: %s, %s, %d faults, %d s; at the end %s%n",
        Runtime.version().feature(),
        seed,
        counts(),
        disturber,
        faults.size(),
        seconds,
        ProcessFigures.now());
    return faults;
  }

  private String counts() {
    return done + " items, " + wrong + " wrong, " + doubled + " doubled, " + missing + " missing";
  }

  private Void call(Pool pool, SplittableRandom random) throws InterruptedException {
    while (true) {
      Batch batch = next(random);
      if (batch.items() <= 0) {
        return null;
      }
      Count count = batch.run(pool);
      wrong.addAndGet(count.wrong());
      doubled.addAndGet(count.doubled());
      missing.addAndGet(count.missing());
      done.addAndGet(batch.items());
      if (count.wrong() + count.doubled() + count.missing() > 0) {
        out.println("FAULT in " + batch);
      }
      show();
    }
  }

  private synchronized Batch next(SplittableRandom random) {
    int most = (int) Math.min(Integer.MAX_VALUE, items - given.get());
    Batch batch = Batch.of(given.get(), most, random);
    given.addAndGet(Math.max(0, batch.items()));
    return batch;
  }

  private void show() {
    long at = shownAt.get();
    long now = System.nanoTime();
    if (now - at > PROGRESS_NANOS && shownAt.compareAndSet(at, now)) {
      out.println(counts());
    }
  }

  /**
   * Runs as a program.
   *
   * @param args the options
   * @throws InterruptedException if this thread was interrupted
   */
  public static void main(String[] args) throws InterruptedException {
    RunOptions options = new RunOptions().with("--items", 5_000_000).read(args);
    long items = options.number("--items");
    System.exit(new IntegrityRun(options.seed(), items, System.out).run().isEmpty() ? 0 : 1);
  }
}
