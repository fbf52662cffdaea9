package dev.procpool;

import dev.procpool.PoolStats.SlowItem;
import dev.procpool.PoolStats.Times;
import dev.procpool.PoolStats.Totals;
import dev.procpool.PoolStats.WorkerTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules by which a pool's statistics become advice. Each has a threshold below which it says
 * nothing, and says by which figures it was met. Pure: of the same statistics come the same words.
 */
final class StatsAdvice {

  /** Waits are worth a word from this part of the time on. */
  private static final double WAITED = 0.2;

  /** Starts after the first of each worker. */
  private static final double STARTED = 0.1;

  /** The first start of each worker. */
  private static final double FIRST_STARTED = 0.5;

  /** Of less time than this nothing is said. */
  private static final long LEAST_NANOS = 200_000_000;

  private static final long LARGE_BYTES = 1_000_000;
  private static final long SMALL_NANOS = 100_000;

  private final int workers;
  private final Totals totals;
  private final Times times;
  private final WorkerTime sum;

  /** The time of workers in which they might have worked. */
  private final long base;

  private final List<String> all = new ArrayList<>();

  StatsAdvice(PoolStats stats) {
    this.workers = stats.targetWorkers();
    this.totals = stats.totals();
    this.times = stats.times();
    this.sum = times.total();
    this.base = sum.lifeNanos() - sum.restNanos();
  }

  List<String> all() {
    if (base >= LEAST_NANOS && totals.ended() > 0) {
      starts();
      input();
      output();
      tail();
      handover();
    }
    sizes();
    losses();
    dropped();
    return all;
  }

  // ------------------------------------------------------------------ where time goes

  private void starts() {
    long starting = sum.startNanos() + sum.initializerNanos();
    int again = sum.processes() - times.workers().size();
    if ((double) starting / base >= (again > 0 ? STARTED : FIRST_STARTED)) {
      all.add(
          percent(starting)
              + " of the time went into starting workers"
              + initializers()
              + ": "
              + (again > 0 ? why(again) : whyAtAll())
              + ".");
    }
  }

  private String whyAtAll() {
    return "there were "
        + Quantity.nanos(sum.workNanos())
        + " of work for "
        + sum.processes()
        + ". Keep the pool for more calls, or have fewer workers";
  }

  private String initializers() {
    return sum.initializerNanos() * 2 >= sum.startNanos()
        ? " (" + percent(sum.initializerNanos()) + " into their initializer)"
        : "";
  }

  private String why(int again) {
    long lost = totals.workerLosses();
    if (times.maxTasksPerWorker() > 0 && lost * 2 <= again) {
      return "maxTasksPerWorker is "
          + times.maxTasksPerWorker()
          + ", so "
          + again
          + " were started again. Raise it, or keep spareWorkers";
    } else if (lost * 2 > again) {
      return lost
          + " of "
          + sum.processes()
          + " ended in the middle (exit, crash, kill, time limit or cancel) and were replaced";
    }
    return again
        + " were started again after they were stopped: idleTimeout, maxWorkerMemory and resize do"
        + " that";
  }

  private void input() {
    if (sum.inputNanos() >= WAITED * base) {
      all.add(
          "Workers waited "
              + percent(sum.inputNanos())
              + " of the time for input: the source makes "
              + rate()
              + " items/s. Make it faster"
              + fewer()
              + ".");
    }
  }

  private void output() {
    if (sum.outputNanos() >= WAITED * base) {
      all.add(
          "Workers waited "
              + percent(sum.outputNanos())
              + " of the time for output: results are taken at "
              + rate()
              + " items/s. Take them faster, let more wait (lookAhead)"
              + fewer()
              + ".");
    }
  }

  /** Names how many workers have enough time for what was done, if that are fewer. */
  private String fewer() {
    double busy = (double) (sum.workNanos() + sum.handoverNanos());
    long enough = Math.max(1, (long) Math.ceil(busy / Math.max(1, times.callNanos())));
    return enough >= workers ? "" : ", or have fewer workers: " + enough + " would keep up";
  }

  private String rate() {
    return Quantity.perSecond(StatsReport.done(totals), times.callNanos());
  }

  private void tail() {
    if (sum.tailNanos() < WAITED * base) {
      return;
    }
    String what =
        "Workers had nothing to do for "
            + percent(sum.tailNanos())
            + " of the time, since all items of the calls were given out. ";
    List<SlowItem> slowest = totals.slowest();
    if (!slowest.isEmpty()
        && slowest.get(0).runNanos() > 3 * totals.runTimes().p50Nanos()
        && slowest.get(0).runNanos() * 4 >= times.callNanos()) {
      SlowItem item = slowest.get(0);
      all.add(
          what
              + "The slowest item, "
              + StatsReport.name(item)
              + ", ran "
              + Quantity.nanos(item.runNanos())
              + ": begin with such items, or split them.");
    } else {
      all.add(what + "Make calls of more items, or several calls at once.");
    }
  }

  private void handover() {
    double perChunk = (double) totals.runTimes().count() / Math.max(1, times.chunks());
    long perItem = sum.workNanos() / Math.max(1, totals.runTimes().count());
    if (sum.handoverNanos() >= WAITED * base && perItem < SMALL_NANOS) {
      all.add(
          percent(sum.handoverNanos())
              + " of the time went into handing items over: one runs "
              + Quantity.nanos(perItem)
              + ", and they are sent "
              + Quantity.digits(perChunk)
              + " at a time. "
              + (perChunk < 2
                  ? "Leave chunkSize to the pool, and give a call all its items."
                  : "Do more in each item."));
    }
  }

  // ------------------------------------------------------------------ what is sent

  private void sizes() {
    long succeeded = totals.items().getOrDefault(OutcomeKind.SUCCESS, 0L);
    long ran = totals.runTimes().count();
    if (succeeded > 0 && totals.receivedBytes() / succeeded >= LARGE_BYTES) {
      all.add(
          "Results of "
              + Quantity.bytes(totals.receivedBytes() / succeeded)
              + ": return what is needed of it, or write it to a file and return its name.");
    }
    if (ran > 0 && totals.sentBytes() / ran >= LARGE_BYTES) {
      all.add(
          "Arguments of "
              + Quantity.bytes(totals.sentBytes() / ran)
              + ": share what they have in common (pool.share), or pass a file's name and read it"
              + " in the task.");
    }
  }

  // ------------------------------------------------------------------ what went wrong

  private void losses() {
    long outOfMemory = totals.workerEnds().getOrDefault(WorkerEnd.OUT_OF_MEMORY, 0L);
    if (outOfMemory > 0) {
      all.add(
          outOfMemory
              + (outOfMemory == 1 ? " worker" : " workers")
              + " ran out of heap memory: give them more with -Xmx in jvmOptions.");
    }
  }

  private void dropped() {
    if (totals.droppedEvents() > 0) {
      all.add(
          "Observers were too slow for "
              + totals.droppedEvents()
              + (totals.droppedEvents() == 1 ? " event" : " events")
              + ": do less in them, and override itemsEnded, not itemEnded.");
    }
  }

  private String percent(long nanos) {
    return Quantity.percent(nanos, base);
  }
}
