package dev.procpool.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.cli.terminal.PlainText;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The state of a pool as text. Immutable. */
final class TopText {

  private static final int SIGNS = 30;
  private static final int TICKS_A_SIGN = TopSource.TICKS / SIGNS;
  private static final int LISTED = 5;

  /** Kinds of ticks by their number, and what is worse. */
  private static final String KINDS = "?s.#FTLx";

  private static final String WORST_LAST = "?.x#sFTL";

  private final JsonNode state;
  private final int width;

  TopText(JsonNode state, int width) {
    this.state = state;
    this.width = width;
  }

  String text() {
    List<String> lines = new ArrayList<>();
    addPool(lines);
    addWorkers(lines);
    addCalls(lines);
    addFailures(lines);
    addEnds(lines);
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      String shown = printable(line).stripTrailing();
      text.append(shown.length() > width ? shown.substring(0, width) : shown).append('\n');
    }
    return text.append('\n').toString();
  }

  /** What programs say must not command the terminal. */
  private static String printable(String text) {
    return PlainText.of(text.replaceAll("\\p{Cntrl}", " "));
  }

  private void addPool(List<String> lines) {
    JsonNode pool = state.path("pool");
    JsonNode items = pool.path("totals").path("items");
    boolean isBroken = pool.path("broken").asBoolean();
    lines.add(
        line(
            "%s: %s%s, %d of %d workers busy, %d wait",
            pool.path("name").asText("?"),
            lower(pool.path("state").asText("?")),
            isBroken ? " (broken)" : "",
            last("busy"),
            last("live"),
            last("queue")));
    if (pool.has("cause")) {
      lines.add("  " + pool.get("cause").asText());
    }
    lines.add(
        line(
            "%.1f items/s, run time p50 %s, p95 %s, p99 %s",
            rate(), micros(last("p50")), micros(last("p95")), micros(last("p99"))));
    lines.add(
        line(
            "%d succeeded, %d failed, %d timed out, %d lost, %d cancelled, %d tried again",
            items.path("ok").asLong(),
            items.path("failed").asLong(),
            items.path("timedOut").asLong(),
            items.path("lost").asLong(),
            items.path("cancelled").asLong(),
            pool.path("totals").path("retries").asLong()));
  }

  private void addWorkers(List<String> lines) {
    lines.add("");
    lines.add(
        line("%-7s%-9s%-32s%9s%8s  %s", "WORKER", "PID", "LAST MINUTE", "MEMORY", "FOR", "ITEM"));
    @Nullable String host = null;
    boolean isCluster =
        state.path("workers").findValuesAsText("host").stream().distinct().count() > 1;
    for (JsonNode worker : state.path("workers")) {
      if (worker.has("state")) {
        if (isCluster && !worker.path("host").asText().equals(host)) {
          host = worker.path("host").asText();
          lines.add("on " + host);
        }
        lines.add(worker(worker));
      }
    }
  }

  private String worker(JsonNode worker) {
    JsonNode item = worker.path("item");
    boolean isBusy = item.has("index");
    String what =
        isBusy
            ? name(item)
                + "["
                + item.path("index").asLong()
                + "]"
                + (item.has("fraction")
                    ? line(" %d %% ", (int) (item.get("fraction").asDouble() * 100))
                        + item.path("note").asText()
                    : "")
            : lower(worker.path("state").asText());
    return line(
        "#%-6d%-9d%-32s%9s%8s  %s",
        worker.path("n").asInt(),
        worker.path("pid").asLong(),
        lane(worker.path("lane").asText()),
        worker.has("memory") ? (worker.get("memory").asLong() >> 20) + " MB" : "",
        isBusy ? millis(item.path("ms").asLong()) : "",
        what);
  }

  /** A sign for each eight ticks, the newest last. */
  private static String lane(String cells) {
    byte[] all = Base64.getDecoder().decode(cells);
    StringBuilder signs = new StringBuilder();
    for (int sign = 0; sign < SIGNS; sign++) {
      int to = all.length - (SIGNS - 1 - sign) * TICKS_A_SIGN;
      signs.append(sign(all, Math.max(0, to - TICKS_A_SIGN), Math.max(0, to)));
    }
    return signs.toString();
  }

  private static char sign(byte[] cells, int from, int to) {
    int worst = 0;
    int worked = 0;
    for (int i = from; i < to; i++) {
      worst = Math.max(worst, WORST_LAST.indexOf(KINDS.charAt(cells[i] & 7)));
      worked += cells[i] >> 3 & 15;
    }
    char sign = WORST_LAST.charAt(worst);
    if (sign == '?') {
      return ' ';
    }
    return sign == '#' ? "--==##".charAt(Math.min(5, worked * 6 / (15 * (to - from)))) : sign;
  }

  private void addCalls(List<String> lines) {
    if (!state.path("calls").isEmpty()) {
      lines.add("");
      lines.add(line("%-31s%20s%9s%10s%10s", "CALL", "ITEMS", "FAILED", "ITEMS/S", "LEFT"));
    }
    for (JsonNode call : state.path("calls")) {
      String total = call.has("total") ? "/" + call.get("total").asLong() : "";
      double left = call.path("left").asDouble();
      lines.add(
          line(
              "%-31s%20s%9d%10.1f%10s",
              cut(name(call), 30),
              call.path("done").asLong() + total,
              call.path("failed").asLong(),
              call.path("rate").asDouble(),
              left < 0 ? "" : millis((long) (left * 1000))));
    }
    long more = state.path("openCalls").asLong() - state.path("calls").size();
    if (more > 0) {
      lines.add("and " + more + " calls more");
    }
  }

  private void addFailures(List<String> lines) {
    int listed = 0;
    for (JsonNode failure : state.path("failures")) {
      if (listed++ == 0) {
        lines.add("");
        lines.add("LATEST FAILURES");
      }
      if (listed <= LISTED) {
        lines.add(
            line(
                "%6d× %s: %s (last: %s[%d])",
                failure.path("count").asLong(),
                failure.path("type").asText().replaceFirst(".*\\.", ""),
                cut(failure.path("message").asText(), 100),
                name(failure),
                failure.path("index").asLong()));
      }
    }
  }

  private void addEnds(List<String> lines) {
    int listed = 0;
    for (JsonNode end : state.path("ends")) {
      if (!end.path("why").asText().equals("STOPPED") && listed++ < LISTED) {
        if (listed == 1) {
          lines.add("");
          lines.add("WORKER ENDS");
        }
        String words = end.path("words").asText();
        lines.add(
            line(
                "#%d %s%s",
                end.path("n").asInt(),
                end.path("how").asText(lower(end.path("why").asText())),
                words.isEmpty() ? "" : ": " + words.substring(words.lastIndexOf('\n') + 1)));
      }
    }
  }

  // ---------------------------------------------------------------- figures

  /** The same wherever the program runs. */
  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static String name(JsonNode of) {
    return of.has("label") ? of.get("label").asText() : "call " + of.path("call").asLong();
  }

  private static String lower(String state) {
    return state.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 3) + "...";
  }

  private long last(String figure) {
    JsonNode values = state.path("series").path(figure);
    return values.path(values.size() - 1).asLong();
  }

  /** Of the last five seconds. */
  private double rate() {
    JsonNode series = state.path("series");
    int size = series.path("ms").size();
    double items = 0;
    double millis = 0;
    for (int i = Math.max(0, size - 20); i < size; i++) {
      millis += series.path("ms").get(i).asDouble();
      for (String kind : List.of("ok", "failed", "timedOut", "lost")) {
        items += series.path(kind).get(i).asDouble();
      }
    }
    return millis == 0 ? 0 : items * 1000 / millis;
  }

  private static String micros(long micros) {
    return micros <= 0 ? "-" : micros < 10_000 ? micros / 1e3 + " ms" : millis(micros / 1_000);
  }

  private static String millis(long millis) {
    if (millis < 1_000) {
      return millis + " ms";
    } else if (millis < 60_000) {
      return line("%.1f s", millis / 1e3);
    }
    long minutes = millis / 60_000;
    return minutes < 120 ? minutes + " min" : minutes / 60 + " h";
  }
}
