package dev.procpool.cli.report;

import dev.procpool.cli.reply.Status;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How many items ended how. Owned by the thread that takes the outcomes. */
@SuppressWarnings("EnumOrdinal") // a count for each, and nobody sees the number
public final class Tally {

  private static final Status[] STATUSES = Status.values();

  private final long[] counts = new long[STATUSES.length];
  private long kept;

  public void add(Status status) {
    counts[status.ordinal()]++;
  }

  /** Adds results of earlier runs. */
  public void addKept(Map<Status, Long> results) {
    results.forEach(
        (status, count) -> {
          counts[status.ordinal()] += count;
          kept += count;
        });
  }

  /** Tells how many items have run now. */
  long fresh() {
    return total() - kept;
  }

  long total() {
    return Arrays.stream(counts).sum();
  }

  public boolean isAllWell() {
    return total() == counts[Status.OK.ordinal()];
  }

  /** Gives the last line of a run: {@code 1,234 items: 1,230 ok, 4 failed in 3.2 s (...)}. */
  public String summary(Duration elapsed, int workers) {
    double seconds = Math.max(0.001, elapsed.toMillis() / 1000.0);
    String parts =
        Arrays.stream(STATUSES)
            .filter(status -> counts[status.ordinal()] > 0)
            .map(status -> number(counts[status.ordinal()]) + " " + status.text())
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
