package dev.procpool.cli.report;

import dev.procpool.cli.reply.Status;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How many items ended how. Owned by the thread that takes the outcomes. */
public final class Tally {

  private final Map<Status, Long> counts = new EnumMap<>(Status.class);
  private long kept;

  public void add(Status status) {
    counts.merge(status, 1L, Long::sum);
  }

  /** Adds results of earlier runs. */
  public void addKept(Map<Status, Long> results) {
    results.forEach(
        (status, count) -> {
          counts.merge(status, count, Long::sum);
          kept += count;
        });
  }

  /** Tells how many items have run now. */
  long fresh() {
    return total() - kept;
  }

  long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  public boolean isAllWell() {
    return counts.keySet().stream().allMatch(status -> status == Status.OK);
  }

  /** Gives the last line of a run: {@code 1,234 items: 1,230 ok, 4 failed in 3.2 s (...)}. */
  public String summary(Duration elapsed, int workers) {
    double seconds = Math.max(0.001, elapsed.toMillis() / 1000.0);
    String parts =
        counts.entrySet().stream()
            .map(entry -> number(entry.getValue()) + " " + entry.getKey().text())
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%s%s in %.1f s (%s items/s) on %s",
        plural(total(), "item"),
        parts.isEmpty() ? "" : ": " + parts,
        seconds,
        number(Math.round(fresh() / seconds)),
        plural(workers, "worker"));
  }

  private static String plural(long count, String noun) {
    return number(count) + " " + noun + (count == 1 ? "" : "s");
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
