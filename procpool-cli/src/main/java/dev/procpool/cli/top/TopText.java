package dev.procpool.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.cli.terminal.PlainText;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The state of a pool as text. Immutable. */
final class TopText {

  private static final int SIGNS = 30;
  private static final int TICKS_A_SIGN = TopSource.TICKS / SIGNS;
  private static final int LISTED = 5;

  /** Kinds of ticks by their number, and what is worse. */
  private static final String KINDS = "?s.#FTLx";

  private static final String WORST_LAST = "?.x#sFTL";

  /** A blank one and the head, that of those left out, and at the end a blank and the cursor's. */
  private static final int LINES_AROUND_WORKERS = 5;

  private static final int LEAST_WORKERS = 3;

  private final JsonNode state;
  private final int width;
  private final int height;

  /** With how many signs and lines there is room for. */
  TopText(JsonNode state, int width, int height) {
    this.state = state;
    this.width = width;
    this.height = height;
  }

  String text() {
    List<String> lines = new ArrayList<>();
    addPool(lines);
    List<String> below = new ArrayList<>();
    addCalls(below);
    addFailures(below);
    addEnds(below);
    addWorkers(lines, height - lines.size() - below.size() - LINES_AROUND_WORKERS);
    lines.addAll(below);
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
            "%s: %s%s, %d of %d workers busy, %d items wait",
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

  private void addWorkers(List<String> lines, int room) {
    lines.add("");
    lines.add(
        line("%-7s%-9s%-32s%9s%8s  %s", "WORKER", "PID", "LAST MINUTE", "MEMORY", "FOR", "ITEM"));
    List<JsonNode> workers = new ArrayList<>();
    state.path("workers").forEach(workers::add);
    workers.removeIf(worker -> !worker.has("state"));
    boolean isCluster = isCluster(workers);
    long hosts = isCluster ? workers.stream().map(TopText::host).distinct().count() : 0;
    List<JsonNode> shown = longest(workers, Math.max(LEAST_WORKERS, room - hosts));
    // A sort keeps the order of what is equal: workers of a host stay ordered by number.
    shown.sort(Comparator.comparing(TopText::host));
    @Nullable String host = null;
    for (JsonNode worker : shown) {
      if (isCluster && !host(worker).equals(host)) {
        host = host(worker);
        lines.add("on " + host);
      }
      lines.add(worker(worker));
    }
    int more = workers.size() - shown.size();
    if (more > 0) {
      lines.add("and " + more + " more, which are idle or have run their item for less time");
    }
  }

  /** Those that fit: if that are not all, the ones whose items run for longest. */
  private static List<JsonNode> longest(List<JsonNode> workers, long most) {
    if (workers.size() <= most) {
      return workers;
    }
    List<JsonNode> longest =
        workers.stream()
            .sorted(Comparator.comparing(worker -> -worker.path("item").path("ms").asLong()))
            .limit(most)
            .collect(Collectors.toCollection(ArrayList::new));
    longest.sort(Comparator.comparing(worker -> worker.path("n").asInt()));
    return longest;
  }

  private static String host(JsonNode worker) {
    return worker.path("host").asText();
  }

  /** Whether workers are elsewhere than the program. */
  private boolean isCluster(List<JsonNode> workers) {
    String own = state.path("host").asText();
    return workers.stream().anyMatch(worker -> !host(worker).equals(own));
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
    int most = Math.max(LISTED, height / 4);
    int listed = 0;
    for (JsonNode call : state.path("calls")) {
      if (++listed > most) {
        break;
      }
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
    long more = state.path("openCalls").asLong() - Math.min(state.path("calls").size(), most);
    if (more > 0) {
      lines.add("and " + more + (more == 1 ? " call more" : " calls more"));
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
