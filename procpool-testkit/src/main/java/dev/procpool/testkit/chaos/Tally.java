package dev.procpool.testkit.chaos;

import dev.procpool.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts outcomes by the kind of their items. Belongs to one thread. */
final class Tally {

  private final Map<ItemKind, Map<String, Integer>> counts = new EnumMap<>(ItemKind.class);
  private final Map<String, Integer> totals = new TreeMap<>();
  private int items;
  private int attempts;
  private int signals;
  private int left;

  /** What was done from outside. */
  private final Map<String, Integer> torments = new TreeMap<>();

  /** Quick items over their time limit in processes that nobody hit: the machine was slow. */
  private final List<String> slow = new ArrayList<>();

  void add(Report report, Victims victims) {
    int known = Math.min(report.outcomes().size(), report.call().items().size());
    for (int i = 0; i < known; i++) {
      Outcome<Object> outcome = report.outcomes().get(i);
      items++;
      attempts += outcome.attempts();
      ItemKind kind = report.call().items().get(i).kind();
      boolean quick = !kind.hangs() && kind != ItemKind.STOP;
      if (quick
          && outcome instanceof Outcome.TimedOut<Object> timedOut
          && !victims.wereHit(outcome.workerPid())) {
        slow.add(kind + " ran " + timedOut.duration() + " of " + timedOut.limit());
      }
      totals.merge(outcome.getClass().getSimpleName(), 1, Integer::sum);
      counts
          .computeIfAbsent(kind, any -> new TreeMap<>())
          .merge(outcome.getClass().getSimpleName(), 1, Integer::sum);
    }
  }

  void addTorments(int victims, Map<String, Integer> counts) {
    signals += victims;
    counts.forEach((what, count) -> torments.merge(what, count, Integer::sum));
  }

  void addLeft(int number) {
    left += number;
  }

  int attempts() {
    return attempts;
  }

  int signals() {
    return signals;
  }

  int items() {
    return items;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    counts.forEach((kind, outcomes) -> text.append(String.format("  %-25s %s%n", kind, outcomes)));
    text.append(String.format("  %-25s %s%n", "all", totals));
    text.append(String.format("  %-25s %s%n", "from outside", torments));
    text.append(String.format("  %-25s %s%n", "left behind", left));
    text.append("  over their time limit though nobody hit them: ").append(slow);
    return text.toString();
  }
}
