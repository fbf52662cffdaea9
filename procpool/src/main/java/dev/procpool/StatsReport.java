package dev.procpool;

import dev.procpool.PoolStats.Distribution;
import dev.procpool.PoolStats.SlowItem;
import dev.procpool.PoolStats.Times;
import dev.procpool.PoolStats.Totals;
import dev.procpool.PoolStats.WorkerTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A pool's statistics as text: see {@link PoolStats#report()}. Pure. */
final class StatsReport {

  /** So many workers have a line of their own. */
  private static final int LINES = 16;

  private static final List<String> COLUMNS =
      List.of(
          "worker",
          "processes",
          "life",
          "start",
          "initializer",
          "work",
          "input",
          "output",
          "tail",
          "rest",
          "handover");

  private final PoolStats stats;
  private final StringBuilder text = new StringBuilder();

  StatsReport(PoolStats stats) {
    this.stats = stats;
  }

  String text() {
    head();
    if (stats.times().workers().isEmpty()) {
      line(
          stats.totals().workerStarts() == 0 && stats.totals().ended() == 0
              ? "no worker has started"
              : "where the time of workers went is not told by this kind of pool");
    } else {
      times(stats.times());
    }
    if (!stats.totals().slowest().isEmpty()) {
      line("slowest items");
      for (SlowItem item : stats.totals().slowest()) {
        line(String.format("%9s  %s", Quantity.nanos(item.runNanos()), name(item)));
      }
    }
    List<String> advice = stats.advice();
    line(advice.isEmpty() ? "no advice" : "advice");
    advice.forEach(sentence -> line("- " + sentence));
    return text.toString();
  }

  /** As {@code resize[17]}; a call without a label has its number. */
  static String name(SlowItem item) {
    return item.call().label().orElse("call " + item.call().number()) + "[" + item.index() + "]";
  }

  /** How many items came to something, which those that were cancelled did not. */
  static long done(Totals totals) {
    return totals.ended() - totals.items().getOrDefault(OutcomeKind.CANCELLED, 0L);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void head() {
    Totals totals = stats.totals();
    int workers = stats.targetWorkers();
    line(
        "pool '"
            + stats.pool()
            + "', "
            + (stats.isBroken() ? "broken" : stats.state())
            + ": "
            + workers
            + (workers == 1 ? " worker" : " workers"));
    List<String> kinds = new ArrayList<>();
    for (OutcomeKind kind : OutcomeKind.values()) {
      long count = totals.items().getOrDefault(kind, 0L);
      if (count > 0) {
        kinds.add(count + " " + word(kind));
      }
    }
    if (totals.retries() > 0) {
      kinds.add(
          totals.retries() + (totals.retries() == 1 ? " attempt" : " attempts") + " repeated");
    }
    long calls = done(totals) == 0 ? 0 : stats.times().callNanos();
    line(
        totals.ended()
            + (totals.ended() == 1 ? " item" : " items")
            + (calls == 0
                ? ""
                : " in "
                    + Quantity.nanos(calls)
                    + " of calls ("
                    + Quantity.perSecond(done(totals), calls)
                    + "/s)")
            + (kinds.isEmpty() ? "" : ": " + String.join(", ", kinds)));
    Distribution runs = totals.runTimes();
    if (runs.count() == 1) {
      line("it ran " + Quantity.nanos(runs.maxNanos()));
    } else if (runs.count() > 0) {
      line(
          "an item ran "
              + Quantity.nanos(runs.p50Nanos())
              + " (half of them), "
              + Quantity.nanos(runs.p95Nanos())
              + " (95 %), "
              + Quantity.nanos(runs.p99Nanos())
              + " (99 %), "
              + Quantity.nanos(runs.maxNanos())
              + " (longest)");
    }
    line("");
  }

  private static String word(OutcomeKind kind) {
    return switch (kind) {
      case SUCCESS -> "succeeded";
      case FAILURE -> "failed";
      case TIMED_OUT -> "timed out";
      case WORKER_LOST -> "lost with their worker";
      case CANCELLED -> "cancelled";
    };
  }

  private void times(Times times) {
    row(COLUMNS);
    times.workers().stream()
        .limit(LINES)
        .forEach(worker -> row(String.valueOf(worker.number()), worker));
    int more = times.workers().size() - LINES;
    if (more > 0) {
      line("... and " + more + " more");
    }
    if (times.workers().size() > 1) {
      row("all", times.total());
    }
    line("");
  }

  private void row(String name, WorkerTime time) {
    List<String> cells = new ArrayList<>();
    cells.add(name);
    cells.add(String.valueOf(time.processes()));
    long life = time.lifeNanos();
    cells.add(Quantity.nanos(life));
    for (long part :
        new long[] {
          time.startNanos(),
          time.initializerNanos(),
          time.workNanos(),
          time.inputNanos(),
          time.outputNanos(),
          time.tailNanos(),
          time.restNanos(),
          time.handoverNanos()
        }) {
      cells.add(Quantity.percent(part, life));
    }
    row(cells);
  }

  private void row(List<String> cells) {
    StringBuilder row = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      int width = Math.max(COLUMNS.get(i).length(), i == 2 ? 7 : 5);
      row.append(i == 0 ? "" : "  ")
          .append(String.format(Locale.ROOT, "%" + width + "s", cells.get(i)));
    }
    line(row.toString());
  }
}
