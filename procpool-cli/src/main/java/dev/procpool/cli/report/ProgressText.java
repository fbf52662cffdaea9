package dev.procpool.cli.report;

import dev.procpool.PoolStats;
import dev.procpool.WorkerInfo;
import dev.procpool.cli.terminal.PlainText;
import dev.procpool.cli.terminal.TextWidth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * How far a run has come, as text.
 *
 * @param total how many items there are; empty if nobody knows
 * @param done how many have a result
 * @param failed how many of them are not ok
 * @param rate of the last seconds
 */
record ProgressText(OptionalLong total, long done, long failed, Rate rate) {

  /** Room for the terminal's own ^C behind the last line: none wraps. */
  private static final int MARGIN = 4;

  private static final int BAR = 20;
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  /** Gives it in a line: {@code 12/40 items (30%), 3.1/s, 9.0 s left, 1 not ok}. */
  String line() {
    StringBuilder line = new StringBuilder(number(done));
    if (total.isPresent()) {
      line.append('/').append(number(whole()));
    }
    line.append(" items");
    if (total.isPresent()) {
      line.append(" (").append(percent()).append("%)");
    }
    rate.perSecond().ifPresent(r -> line.append(", ").append(rate(r)));
    if (total.isPresent() && done < whole()) {
      rate.secondsFor(whole() - done)
          .ifPresent(left -> line.append(", ").append(seconds(left)).append(" left"));
    }
    return line.append(failed == 0 ? "" : ", " + number(failed) + " not ok").toString();
  }

  /**
   * Gives a block: a line with a bar, and one for each worker, with its item.
   *
   * @param workers the workers as they are
   * @param items says which item it is that the pool knows by a number
   * @param width of the terminal, in columns
   * @param height of the terminal, in rows
   * @param coloured whether failures are red
   */
  List<String> block(
      List<PoolStats.Worker> workers,
      LongFunction<String> items,
      int width,
      int height,
      boolean coloured) {
    int columns = Math.max(10, width - MARGIN);
    boolean hasBar = total.isPresent() && columns >= 3 * BAR;
    List<String> lines = new ArrayList<>();
    String first = TextWidth.cut((hasBar ? bar() + " " : "") + line(), columns);
    String failures = number(failed) + " not ok";
    boolean red = coloured && failed > 0 && first.endsWith(failures);
    lines.add(
        red
            ? first.substring(0, first.length() - failures.length()) + RED + failures + PLAIN
            : first);
    List<PoolStats.Worker> shown = shown(workers, Math.max(1, height - 4));
    shown.forEach(worker -> lines.add(line(worker, items, columns)));
    if (shown.size() < workers.size()) {
      lines.add("   and " + (workers.size() - shown.size()) + " more workers");
    }
    return lines;
  }

  /** All of them in their order; where there is no room for all, those that run longest. */
  private static List<PoolStats.Worker> shown(List<PoolStats.Worker> workers, int most) {
    return workers.stream()
        .sorted(Comparator.comparing(ProgressText::running).reversed())
        .limit(most)
        .sorted(Comparator.comparingInt(worker -> worker.info().number()))
        .toList();
  }

  private static Duration running(PoolStats.Worker worker) {
    return worker.item().map(PoolStats.Item::running).orElse(Duration.ZERO);
  }

  private static String line(PoolStats.Worker worker, LongFunction<String> items, int columns) {
    String number = String.format(Locale.ROOT, "%4s ", "#" + worker.info().number());
    if (worker.item().isEmpty()) {
      WorkerInfo.State state = worker.info().state();
      return number + (state == WorkerInfo.State.BUSY ? "" : state.name().toLowerCase(Locale.ROOT));
    }
    PoolStats.Item item = worker.item().get();
    String time = String.format(Locale.ROOT, "%14s", Rate.text(item.running()));
    String what = PlainText.of(items.apply(item.index()).replaceAll("\\s", " "));
    return number + TextWidth.fit(what, columns - number.length() - time.length()) + time;
  }

  /** As many as were said, or as there turn out to be. */
  private long whole() {
    return Math.max(done, total.orElse(done));
  }

  private long percent() {
    return whole() == 0 ? 100 : done * 100 / whole();
  }

  private String bar() {
    int full = (int) (percent() * BAR / 100);
    return "[" + "=".repeat(full) + " ".repeat(BAR - full) + "]";
  }

  private static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 100 ? "%.1f/s" : "%,.0f/s", perSecond);
  }

  private static String seconds(double left) {
    return Rate.text(Duration.ofMillis((long) (Math.min(left, 1e9) * 1000)));
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
