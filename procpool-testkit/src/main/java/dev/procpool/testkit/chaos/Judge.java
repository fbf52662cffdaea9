package dev.procpool.testkit.chaos;

import dev.procpool.Outcome;
import dev.procpool.testkit.chaos.Ledger.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds the outcomes of a round against what its items recorded, and names every fault. Belongs to
 * one thread; used once, after the pool has ended.
 *
 * <p>A signal from outside can hit between the moment when a worker says which item runs and the
 * item's own record of its start, or between its record of its end and the sending of its result.
 * So an item may be lost to a process that was hit without a record that proves it was running; but
 * only one item may be lost to a process, and none while another one was running there. With an
 * executor of a cluster all are lost that it was given.
 */
final class Judge {

  /** The methods of {@link ChaosTask} that run until its record is made. */
  private static final Set<String> BEFORE_RECORD = Set.of("call", "record");

  private final History history;
  private final Victims victims;
  private final Map<Long, String> lost = new HashMap<>();
  private final List<String> faults = new ArrayList<>();

  Judge(History history, Victims victims) {
    this.history = history;
    this.victims = victims;
  }

  List<String> judge(List<Report> reports) {
    for (Report report : reports) {
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

  private void judge(Report report, ChaosItem item, Outcome<Object> outcome) {
    String wrong = null;
    int deliveries = report.deliveries().get(item.index());
    if (outcome.index() != item.index()) {
      wrong = "has another item's outcome";
    } else if (outcome instanceof Outcome.Pending && report.isPartial()) {
      wrong = deliveries == 0 ? tooManyStarts(report, item) : "was passed on and is missing";
    } else if (outcome instanceof Outcome.Pending) {
      wrong = "has no outcome";
    } else if (deliveries != 1) {
      wrong = "had its outcome passed on " + deliveries + " times";
    } else if (!fits(report, item, outcome)) {
      wrong = "has an outcome that does not fit";
    } else if (!report.cancelled()
        && report.call().retry().filter(policy -> policy.retries(outcome)).isPresent()) {
      wrong = "was not tried again as its policy says";
    } else {
      wrong = wrongStarts(report, item, outcome);
    }
    if (wrong == null && outcome instanceof Outcome.TimedOut<Object> timedOut) {
      wrong = hadTimeLeft(report, item, timedOut) ? "was timed out and had time left" : null;
    }
    if (wrong == null
        && outcome instanceof Outcome.WorkerLost<Object> loss
        && !victims.isWithExecutor(loss.exit())) {
      wrong = wrongBlame(report, item, outcome);
    }
    if (wrong != null) {
      fault(report, item, outcome, wrong);
    }
  }

  /** Whether an item was timed out by time in which its process was stopped. */
  private boolean hadTimeLeft(Report report, ChaosItem item, Outcome.TimedOut<Object> timedOut) {
    if (report.isVague()) {
      return false; // an exception does not tell how long the item ran
    }
    long ran = timedOut.duration().toNanos();
    long limit = timedOut.limit().toNanos();
    return history.starts(report.call().number(), item.index()).stream()
        .filter(start -> start.attempt() == timedOut.attempts() && start.nanos() != 0)
        .mapToLong(start -> victims.pausedNanos(start.pid(), start.nanos(), start.nanos() + ran))
        .anyMatch(paused -> ran - paused < limit);
  }

  private boolean fits(Report report, ChaosItem item, Outcome<Object> outcome) {
    if (outcome instanceof Outcome.Success<Object> success) {
      return Fit.isSuccessOf(item, success);
    } else if (outcome instanceof Outcome.Failure<Object> failure) {
      long index = report.call().form() == ChaosCall.Form.APPLY ? 0 : item.index();
      return Fit.isFailureOf(item, index, failure.error());
    } else if (outcome instanceof Outcome.WorkerLost<Object> loss) {
      return victims.explain(loss.exit())
          || victims.isWithExecutor(loss.exit())
          || Fit.isLossOf(item, loss.exit());
    } else if (outcome instanceof Outcome.TimedOut<Object> timedOut) {
      // an item that should be quick may run long on a busy machine; none may be stopped before
      return report.call().timeout().filter(timedOut.limit()::equals).isPresent()
          && timedOut.duration().compareTo(timedOut.limit()) >= 0;
    } else {
      return outcome instanceof Outcome.Cancelled && report.cancelled();
    }
  }

  /** Says it if an item was started more often than it may be; null if not. */
  private @Nullable String tooManyStarts(Report report, ChaosItem item) {
    List<Entry> starts = history.starts(report.call().number(), item.index());
    long distinct = starts.stream().mapToInt(Entry::attempt).distinct().count();
    return distinct != starts.size() || distinct > mostAttempts(report)
        ? "was started too often"
        : null;
  }

  private static int mostAttempts(Report report) {
    return report.call().retry().map(policy -> policy.maxAttempts()).orElse(1);
  }

  /** What is wrong with how an item was started; null if nothing is. */
  private @Nullable String wrongStarts(Report report, ChaosItem item, Outcome<Object> outcome) {
    List<Entry> starts = history.starts(report.call().number(), item.index());
    if (outcome.attempts() > mostAttempts(report)) {
      return "was tried too often";
    }
    String tooMany = tooManyStarts(report, item);
    if (tooMany != null) {
      return tooMany;
    }
    boolean isUntold = // what get() of a cancelled apply throws says nothing of its item
        report.isVague() && outcome instanceof Outcome.Cancelled;
    if (!isUntold && starts.stream().anyMatch(start -> start.attempt() > outcome.attempts())) {
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
          && !(isWithExecutor(outcome) && victims.wereHit(start.pid()))
          && !(report.isVague() && outcome.workerPid() == 0)
          && !(outcome instanceof Outcome.Cancelled && outcome.workerPid() == 0)) {
        return "ran in another process than its outcome says";
      }
    }
    return null;
  }

  private boolean mayLackRecord(Report report, Outcome<Object> outcome, boolean isLast) {
    if (!isLast) {
      return victims.count() > 0; // the process of an attempt before the last is not told
    }
    return (victims.wereHit(outcome.workerPid()) && !outcome.isSuccess())
        || isWithExecutor(outcome)
        || (outcome instanceof Outcome.Cancelled && report.call().stopsRunning())
        || (outcome instanceof Outcome.TimedOut<Object> timedOut && isBeforeRecord(timedOut));
  }

  private boolean isWithExecutor(Outcome<Object> outcome) {
    return outcome instanceof Outcome.WorkerLost<Object> loss
        && victims.isWithExecutor(loss.exit());
  }

  /**
   * Whether an item's time was up before its record was made: its stack shows it; or there is none,
   * and it may have loaded its worker's classes all the time.
   */
  private static boolean isBeforeRecord(Outcome.TimedOut<Object> timedOut) {
    if (timedOut.stack().isEmpty()) {
      return timedOut.firstOfWorker();
    }
    return timedOut.stack().stream()
        .filter(frame -> frame.getClassName().equals(ChaosTask.class.getName()))
        .allMatch(frame -> BEFORE_RECORD.contains(frame.getMethodName()));
  }

  /** What is wrong with whom a process's loss was blamed on; null if nothing is. */
  private @Nullable String wrongBlame(Report report, ChaosItem item, Outcome<Object> outcome) {
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
    return recorded || victims.wereHit(pid) ? null : "was blamed, but was not running";
  }

  private void fault(
      Report report, @Nullable ChaosItem item, @Nullable Outcome<Object> outcome, String what) {
    ChaosCall call = report.call();
    StringBuilder text = new StringBuilder();
    text.append("call ").append(call.number());
    if (item != null) {
      text.append(", item ").append(item.index()).append(" (").append(item.kind()).append(')');
    }
    text.append(' ').append(what).append(System.lineSeparator());
    text.append("    ").append(call.form()).append(", ").append(call.options());
    text.append(", ").append(call.items().size()).append(" items, cancel ").append(call.cancel());
    text.append(report.cancelled() ? " (done)" : " (not done)");
    if (item != null && outcome != null) {
      text.append(System.lineSeparator()).append("    outcome ").append(described(outcome));
      text.append(System.lineSeparator()).append("    started ");
      text.append(history.starts(call.number(), item.index()));
      text.append(System.lineSeparator()).append("    process hit from outside: ");
      text.append(victims.wereHit(outcome.workerPid()));
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
