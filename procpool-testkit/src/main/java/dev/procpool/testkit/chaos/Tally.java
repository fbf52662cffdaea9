package dev.procpool.testkit.chaos;

import dev.procpool.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts outcomes by the kind of their items. Belongs to one thread. */
final class Tally {

  private final Map<ItemKind, Map<String, Integer>> counts = new EnumMap<>(ItemKind.class);
  private int items;
  private int attempts;
  private int signals;

  /** Quick items over their time limit in processes that nobody hit: the machine was slow. */
  private final List<String> slow = new ArrayList<>();

  void add(Caller.Report report, Set<Long> victims) {
    int known = Math.min(report.outcomes().size(), report.call().items().size());
    for (int i = 0; i < known; i++) {
      Outcome<Object> outcome = report.outcomes().get(i);
      items++;
      attempts += outcome.attempts();
      ItemKind kind = report.call().items().get(i).kind();
      boolean quick = !kind.hangs() && kind != ItemKind.STOP;
      if (quick
          && outcome instanceof Outcome.TimedOut<Object> timedOut
          && !victims.contains(outcome.workerPid())) {
        slow.add(kind + " ran " + timedOut.duration() + " of " + timedOut.limit());
      }
      counts
          .computeIfAbsent(kind, any -> new TreeMap<>())
          .merge(outcome.getClass().getSimpleName(), 1, Integer::sum);
    }
  }

  void addSignals(int number) {
    signals += number;
  }

  int items() {
    return items;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    counts.forEach((kind, outcomes) -> text.append(String.format("  %-25s %s%n", kind, outcomes)));
    return text
        + "  "
        + items
        + " items, "
        + attempts
        + " attempts, "
        + signals
        + " workers hit from outside, "
        + slow
        + " over their time limit elsewhere";
  }
}
