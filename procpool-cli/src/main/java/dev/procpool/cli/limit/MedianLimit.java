package dev.procpool.cli.limit;

import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolStats;
import dev.procpool.cli.reply.ReplyForm;
import dev.procpool.cli.reply.Status;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A time limit that is a multiple of what items take at the median: {@code -t 5x}.
 *
 * <p>A limit is known once some items have ended. So the first ones run alone: no more are handed
 * out until they have ended. Those of them that exceed the limit which the others set are ended
 * with their worker, which can hit nothing else, as no other item is out. All later items get their
 * limit when they are handed out.
 *
 * <p>Thread-safe: rows are taken by the pool's thread, outcomes come from the thread that takes
 * them, and a thread of its own looks for items that are overdue.
 */
public final class MedianLimit extends HeldRows<String> {

  /** Below this no limit falls: it is what a garbage collection or a busy machine may take. */
  static final Duration LEAST = Duration.ofMillis(100);

  private static final Duration NEVER = ChronoUnit.FOREVER.getDuration();
  private static final int LEAST_FIRST = 10;

  private final double factor;
  private final int first;

  // ---- guarded by this

  private final Durations durations = new Durations();
  private final Set<Long> killed = new HashSet<>();
  private long handedOut;
  private long ended;

  /**
   * Makes it.
   *
   * @param rows the rows
   * @param factor how many times the median
   * @param workers how many items may run at a time
   */
  public MedianLimit(Iterable<String> rows, double factor, int workers) {
    super(rows);
    this.factor = factor;
    this.first = Math.max(LEAST_FIRST, 2 * workers);
  }

  @Override
  void awaitTurn() throws InterruptedException {
    while (handedOut == first && ended < first && !isClosed()) {
      wait();
    }
  }

  @Override
  void handOut() {
    handedOut++;
  }

  /** Gives the limit of an item that is handed out now. */
  public synchronized Duration of(String row) {
    return handedOut <= first ? NEVER : limit().orElse(NEVER);
  }

  private Optional<Duration> limit() {
    if (durations.count() < LEAST_FIRST / 2) {
      return Optional.empty();
    }
    Duration limit =
        Duration.ofNanos((long) Math.min(1e18, durations.quantile(0.5).toNanos() * factor));
    return Optional.of(limit.compareTo(LEAST) < 0 ? LEAST : limit);
  }

  /** Takes note of an item that has ended. */
  public synchronized void ended(Outcome<String> outcome) {
    ended++;
    if (outcome instanceof Outcome.Success<String> success
        && ReplyForm.read(success.value()).status() == Status.OK) {
      durations.add(outcome.duration());
    }
    notifyAll();
  }

  /** Gives the limit that an item was ended for, if it was. */
  public synchronized Optional<Duration> overdue(long number) {
    return killed.contains(number) ? limit() : Optional.empty();
  }

  /** Looks after the first items of a call, until they have ended. */
  public void watch(Pool pool) {
    Thread thread = new Thread(() -> watchFirst(pool), "procpool-median-limit");
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized void watchFirst(Pool pool) {
    try {
      while (!isClosed() && (handedOut < first || ended < first)) {
        limit().ifPresent(limit -> endOverdue(pool, limit));
        TimeUnit.MILLISECONDS.timedWait(this, 50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void endOverdue(Pool pool, Duration limit) {
    if (handedOut > first) {
      return;
    }
    for (PoolStats.Worker worker : pool.stats().workers()) {
      boolean late = worker.item().filter(i -> i.running().compareTo(limit) > 0).isPresent();
      Optional<ProcessHandle> process = late ? ownProcess(worker.info().pid()) : Optional.empty();
      if (process.isPresent()) {
        killed.add(worker.item().orElseThrow().index());
        process.get().destroyForcibly();
      }
    }
  }

  /** A number may also be that of a process within a box, or of one that has come since. */
  private static Optional<ProcessHandle> ownProcess(long pid) {
    return ProcessHandle.current().descendants().filter(one -> one.pid() == pid).findFirst();
  }
}
