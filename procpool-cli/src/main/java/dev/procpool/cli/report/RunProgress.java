package dev.procpool.cli.report;

import dev.procpool.Pool;
import dev.procpool.PoolStats;
import dev.procpool.cli.reply.Status;
import dev.procpool.cli.terminal.Console;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Shows how far a run has come, now and then: as a block on a terminal, as plain lines elsewhere.
 *
 * <p>Results are counted by the thread that takes them; a thread of its own shows them.
 */
public final class RunProgress implements AutoCloseable {

  private static final Duration BLOCK = Duration.ofMillis(200);

  private final Console console;
  private final OptionalLong total;
  private final Pool pool;
  private final LongFunction<String> items;
  private final boolean isBlock;
  private final Duration every;
  private final Rate rate = new Rate();
  private final Thread thread = new Thread(this::run, "procpool-progress");
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private boolean closed;

  /**
   * Makes it and begins to show.
   *
   * @param console where; as a block if it has one
   * @param total how many items there are; empty if nobody knows
   * @param pool whose workers are shown
   * @param items says which item it is that the pool knows by a number
   * @param lines how often there is a line where there is no block
   */
  public RunProgress(
      Console console, OptionalLong total, Pool pool, LongFunction<String> items, Duration lines) {
    this.console = console;
    this.total = total;
    this.pool = pool;
    this.items = items;
    this.isBlock = console.hasBlock();
    this.every = isBlock ? BLOCK : lines;
    rate.at(System.nanoTime(), 0);
    thread.setDaemon(true);
    thread.start();
  }

  /** Counts a result; waits for no terminal. */
  public void add(Status status) {
    if (status != Status.OK) {
      failed.setRelease(failed.getPlain() + 1);
    }
    done.setRelease(done.getPlain() + 1);
  }

  private void run() {
    try {
      if (!isBlock) {
        await();
      }
      while (show()) {
        await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void await() throws InterruptedException {
    long end = System.nanoTime() + every.toNanos();
    for (long left = every.toNanos(); !closed && left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /** Shows it once; tells whether to go on. */
  private boolean show() {
    List<PoolStats.Worker> workers = isBlock ? workers() : List.of();
    synchronized (this) {
      if (closed) {
        return false;
      }
      rate.at(System.nanoTime(), done.get());
      ProgressText text = new ProgressText(total, done.get(), failed.get(), rate);
      if (isBlock) {
        console.draw(
            (width, height, coloured) -> text.block(workers, items, width, height, coloured));
      } else {
        console.message(text.line());
      }
      return true;
    }
  }

  private List<PoolStats.Worker> workers() {
    try {
      return pool.stats().workers();
    } catch (RuntimeException ending) { // or a pool that has no figures
      return List.of();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
  }
}
