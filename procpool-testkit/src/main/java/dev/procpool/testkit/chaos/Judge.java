package dev.procpool.testkit.chaos;

import dev.procpool.Outcome;
import dev.procpool.testkit.chaos.Ledger.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds the outcomes of a round against what its items recorded, and names every fault. Belongs to
 * one thread; used once, after the pool has ended.
 *
 * <p>A signal from outside can hit between the moment when a worker says which item runs and the
 * item's own record of its start, or between its record of its end and the sending of its result.
 * So an item may be lost to a process that was hit without a record that proves it was running; but
 * only one item may be lost to a process, and none while another one was running there.
 */
final class Judge {

  private final History history;
  private final Set<Long> victims;
  private final Map<Long, String> lost = new HashMap<>();
  private final List<String> faults = new ArrayList<>();

  Judge(History history, Set<Long> victims) {
    this.history = history;
    this.victims = victims;
  }

  List<String> judge(List<Caller.Report> reports) {
    for (Caller.Report report : reports) {
      int items = report.call().items().size();
      if (report.outcomes().size() != items) {
        fault(report, null, null, report.outcomes().size() + " outcomes for " + items + " items");
        continue;
      }
      for (int i = 0; i < items; i++) {
        judge(report, report.call().items().get(i), report.outcomes().get(i));
      }
    }
    history
        .open()
        .forEach(
            (pid, open) -> {
              if (open.size() > 1) {
                faults.add("process " + pid + " ran several items at a time: " + open);
              }
            });
    return faults;
  }

  private void judge(Caller.Report report, ChaosItem item, Outcome<Object> outcome) {
    String wrong = null;
    int deliveries = report.deliveries().get(item.index());
    if (outcome.index() != item.index()) {
      wrong = "has another item's outcome";
    } else if (outcome instanceof Outcome.Pending) {
      wrong = "has no outcome within " + Caller.BOUND;
    } else if (deliveries != 1) {
      wrong = "had its outcome passed to the callback " + deliveries + " times";
    } else if (!fits(report, item, outcome)) {
      wrong = "has an outcome that does not fit";
    } else if (!report.cancelled()
        && report.call().retry().filter(policy -> policy.retries(outcome)).isPresent()) {
      wrong = "was not tried again as its policy says";
    } else {
      wrong = wrongStarts(report, item, outcome);
    }
    if (wrong == null && outcome instanceof Outcome.WorkerLost) {
      wrong = wrongBlame(report, item, outcome);
    }
    if (wrong != null) {
      fault(report, item, outcome, wrong);
    }
  }

  private boolean fits(Caller.Report report, ChaosItem item, Outcome<Object> outcome) {
    if (outcome instanceof Outcome.Success<Object> success) {
      return Fit.isSuccessOf(item, success);
    } else if (outcome instanceof Outcome.Failure<Object> failure) {
      return Fit.isFailureOf(item, failure.error());
    } else if (outcome instanceof Outcome.WorkerLost<Object> loss) {
      return victims.contains(loss.exit().pid()) || Fit.isLossOf(item, loss.exit());
    } else if (outcome instanceof Outcome.TimedOut<Object> timedOut) {
      // an item that should be quick may run long on a busy machine; none may be stopped before
      return report.call().timeout().filter(timedOut.limit()::equals).isPresent()
          && timedOut.duration().compareTo(timedOut.limit()) >= 0;
    } else {
      return outcome instanceof Outcome.Cancelled && report.cancelled();
    }
  }

  /** What is wrong with how often an item was started; null if nothing is. */
  private String wrongStarts(Caller.Report report, ChaosItem item, Outcome<Object> outcome) {
    List<Entry> starts = history.starts(report.call().number(), item.index());
    long distinct = starts.stream().mapToInt(Entry::attempt).distinct().count();
    int most = report.call().retry().map(policy -> policy.maxAttempts()).orElse(1);
    if (outcome.attempts() > most || distinct != starts.size()) {
      return "was started too often";
    }
    if (starts.stream().anyMatch(start -> start.attempt() > outcome.attempts())) {
      return "was started and has an outcome that does not know it";
    }
    for (int attempt = 1; attempt <= outcome.attempts(); attempt++) {
      int wanted = attempt;
      boolean isLast = attempt == outcome.attempts();
      Entry start = starts.stream().filter(s -> s.attempt() == wanted).findAny().orElse(null);
      if (start == null && !mayLackRecord(report, outcome, isLast)) {
        return "has no record of attempt " + attempt;
      }
      if (start != null
          && isLast
          && start.pid() != outcome.workerPid()
          && !(outcome instanceof Outcome.Cancelled && outcome.workerPid() == 0)) {
        return "ran in another process than its outcome says";
      }
    }
    return null;
  }

  private boolean mayLackRecord(Caller.Report report, Outcome<Object> outcome, boolean isLast) {
    if (!isLast) {
      return !victims.isEmpty(); // the process of an attempt before the last is not told
    }
    return (victims.contains(outcome.workerPid()) && !outcome.isSuccess())
        || (outcome instanceof Outcome.Cancelled
            && report.call().cancel() == ChaosCall.Cancel.RUNNING);
  }

  /** What is wrong with whom a process's loss was blamed on; null if nothing is. */
  private String wrongBlame(Caller.Report report, ChaosItem item, Outcome<Object> outcome) {
    long pid = outcome.workerPid();
    String name = "item " + item.index() + " of call " + report.call().number();
    String other = lost.putIfAbsent(pid, name);
    if (other != null) {
      return "is the second that was lost to process " + pid + ", after " + other;
    }
    for (Entry open : history.open(pid)) {
      boolean isThis = open.call() == report.call().number() && open.item() == item.index();
      if (!isThis) {
        return "was blamed, but the process was running " + open;
      }
    }
    boolean recorded =
        history.open(pid).stream().anyMatch(open -> open.attempt() == outcome.attempts());
    return recorded || victims.contains(pid) ? null : "was blamed, but was not running";
  }

  private void fault(Caller.Report report, ChaosItem item, Outcome<Object> outcome, String what) {
    ChaosCall call = report.call();
    StringBuilder text = new StringBuilder();
    text.append("call ").append(call.number());
    if (item != null) {
      text.append(", item ").append(item.index()).append(" (").append(item.kind()).append(')');
    }
    text.append(' ').append(what).append(System.lineSeparator());
    text.append("    ").append(call.options());
    text.append(", ").append(call.items().size()).append(" items, cancel ").append(call.cancel());
    text.append(report.cancelled() ? " (done)" : " (not done)");
    if (item != null) {
      text.append(System.lineSeparator()).append("    outcome ").append(described(outcome));
      text.append(System.lineSeparator()).append("    started ");
      text.append(history.starts(call.number(), item.index()));
      text.append(System.lineSeparator()).append("    process hit from outside: ");
      text.append(victims.contains(outcome.workerPid()));
      text.append(", running there at its end ").append(history.open(outcome.workerPid()));
    }
    faults.add(text.toString());
  }

  private static String described(Outcome<Object> outcome) {
    return outcome instanceof Outcome.Success<Object> success && success.value() instanceof byte[]
        ? "Success of bytes, attempts=" + outcome.attempts() + ", pid=" + outcome.workerPid()
        : outcome.toString();
  }
}
