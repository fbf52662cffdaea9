package dev.procpool.cli.report;

import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.cli.limit.Durations;
import dev.procpool.cli.message.Counted;
import dev.procpool.cli.output.Result;
import dev.procpool.cli.reply.Reply;
import dev.procpool.cli.reply.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * What {@code --report} tells at the end of a run: how long items took, the slowest, what each
 * worker did, and failures by kind and place.
 *
 * <p>Thread-safe: results come from the thread that takes them, workers' lives from the pool's.
 */
public final class RunReport implements PoolObserver {

  private static final int SLOWEST = 5;
  private static final int MOST_KINDS = 20;

  private final Durations durations = new Durations();
  private final PriorityQueue<Slow> slowest = new PriorityQueue<>(Comparator.comparing(Slow::time));
  private final Map<Long, WorkerTime> workers = new TreeMap<>();
  private final Map<String, Failures> failures = new LinkedHashMap<>();

  private record Slow(Duration time, String what) {}

  private record Failures(long count, String example) {}

  /** What a process did. Guarded by the report. */
  private static final class WorkerTime {
    private long items;
    private Duration started = Duration.ZERO;
    private Duration working = Duration.ZERO;
    private Duration lived = Duration.ZERO;
  }

  public synchronized void add(Result result) {
    Duration time = result.outcome().duration();
    durations.add(time);
    slowest.add(new Slow(time, result.row().where() + ", " + result.status().text()));
    if (slowest.size() > SLOWEST) {
      slowest.remove();
    }
    if (result.outcome().workerPid() != 0) {
      WorkerTime worker = worker(result.outcome().workerPid());
      worker.items++;
      worker.working = worker.working.plus(time);
    }
    if (result.status() != Status.OK) {
      String kind = kind(result.reply());
      boolean known = failures.containsKey(kind) || failures.size() < MOST_KINDS;
      failures.merge(
          known ? kind : "other kinds",
          new Failures(1, result.row().where() + ": " + firstLine(result.reply().what())),
          (a, b) -> new Failures(a.count() + 1, a.example()));
    }
  }

  private static String kind(Reply reply) {
    boolean late = reply.status() == Status.TIMED_OUT && reply.frame() != null;
    return reply.kind() + (late ? " at " + reply.frame() : "");
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private WorkerTime worker(long pid) {
    return workers.computeIfAbsent(pid, p -> new WorkerTime());
  }

  @Override
  public synchronized void workerReady(PoolEvent.WorkerReady event) {
    worker(event.worker().pid()).started = event.took();
  }

  @Override
  public synchronized void workerEnded(PoolEvent.WorkerGone event) {
    worker(event.worker().pid()).lived = event.lived();
  }

  /** Gives the report's lines. */
  public synchronized List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (durations.count() == 0) {
      lines.add("report: no item has run");
      return lines;
    }
    lines.add(
        "report: items took "
            + text(durations.quantile(0.5))
            + " (p50), "
            + text(durations.quantile(0.95))
            + " (p95), "
            + text(durations.max())
            + " (max), "
            + text(durations.total())
            + " together");
    lines.add("slowest:");
    slowest.stream()
        .sorted(Comparator.comparing(Slow::time).reversed())
        .forEach(slow -> lines.add("  " + text(slow.time()) + "  " + slow.what()));
    lines.add("workers:");
    workers.forEach((pid, worker) -> lines.add("  " + line(pid, worker)));
    if (!failures.isEmpty()) {
      lines.add("failures:");
      failures.entrySet().stream()
          .sorted(Comparator.comparing(f -> -f.getValue().count()))
          .forEach(
              f ->
                  lines.add(
                      "  "
                          + f.getValue().count()
                          + "  "
                          + f.getKey()
                          + ", as "
                          + f.getValue().example()));
    }
    return lines;
  }

  private static String line(long pid, WorkerTime worker) {
    Duration rest = worker.lived.minus(worker.started).minus(worker.working);
    return "pid "
        + pid
        + ": "
        + Counted.of(worker.items, "item")
        + ", started in "
        + text(worker.started)
        + ", working "
        + text(worker.working)
        + (rest.isNegative() ? "" : ", waiting " + text(rest));
  }

  private static String text(Duration time) {
    double millis = time.toNanos() / 1e6;
    return millis < 1000
        ? String.format(Locale.ROOT, "%.3f ms", millis)
        : String.format(Locale.ROOT, "%.2f s", millis / 1000);
  }
}
