package dev.procpool.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.cli.message.NearNames;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.reply.Reply;
import dev.procpool.cli.reply.ResultJson;
import dev.procpool.cli.reply.Status;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.terminal.TextWidth;
import dev.procpool.cli.value.JsonConverter;
import dev.procpool.cli.value.JsonText;
import dev.procpool.cli.value.KnownNames;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The results as a table for people: a line for each value, its properties as columns, and what
 * failed below. Owned by the thread that takes the outcomes; keeps all it was given.
 */
public final class Table {

  private static final int WIDEST = 60;

  /** The columns of values without properties, null among them. */
  private static final List<String> OF_OTHERS = List.of("item", "value");

  /** Widths by column, in the order in which values brought the columns. */
  private final Map<String, Integer> widths = new LinkedHashMap<>();

  private final List<Map<String, JsonNode>> lines = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  /** Items that come in no order wait for {@link #render}. */
  private final SortedMap<Long, Runnable> later = new TreeMap<>();

  /** Adds a result that comes before others which are shown above it. */
  public void addLater(Result result) {
    later.put(result.item().index(), () -> add(result.row(), result.reply()));
  }

  public void add(Row row, Reply reply) {
    String item = row.kind() == Row.Kind.BROKEN ? row.text() : String.join(" ", row.fields());
    if (reply.status() != Status.OK) {
      addFailure(item, reply.status().text(), reply.message(), reply.errorType());
    } else {
      add(item, ResultJson.parse(reply.value()));
    }
  }

  /** Adds a result as it is in the results. */
  public void add(JsonNode result) {
    List<String> arguments = new ArrayList<>();
    result.path("args").forEach(argument -> arguments.add(ResultJson.text(argument)));
    if (ResultJson.isOk(result)) {
      add(String.join(" ", arguments), result.path("value"));
    } else {
      JsonNode error = result.path("error");
      addFailure(
          String.join(" ", arguments),
          result.path("status").asText(),
          ResultJson.text(error.path("message")),
          ResultJson.text(error.path("type")));
    }
  }

  /** Names the item by what it is: of a result from before nobody knows the line. */
  private void addFailure(String item, String status, @Nullable String message, String error) {
    String what = message == null || message.isEmpty() ? error : message;
    failures.add(cut(item) + ": " + status + ": " + firstLine(what));
  }

  private void add(String item, JsonNode value) {
    Map<String, JsonNode> line = new LinkedHashMap<>();
    if (value.isObject()) {
      value.properties().forEach(field -> line.put(field.getKey(), field.getValue()));
    } else {
      line.put("item", JsonConverter.mapper().getNodeFactory().textNode(item));
      line.put("value", value);
    }
    lines.add(line);
    line.forEach(
        (name, cell) ->
            widths.merge(name, Math.max(TextWidth.of(name), TextWidth.of(text(cell))), Math::max));
  }

  private static String firstLine(String text) {
    return JsonText.escapeLoneSurrogates(text.lines().findFirst().orElse(""));
  }

  /** A cell without quotes; a list's elements with commas between them. */
  private static String text(@Nullable JsonNode cell) {
    String text;
    if (cell == null || cell.isNull()) {
      return "";
    } else if (cell.isArray()) {
      List<String> elements = new ArrayList<>();
      cell.forEach(
          element -> elements.add(element.isValueNode() ? element.asText() : element.toString()));
      text = String.join(", ", elements);
    } else {
      text = cell.isValueNode() ? cell.asText() : cell.toString();
    }
    return cut(text);
  }

  private static String cut(String text) {
    String line = text.replaceAll("\\R|\\p{Cntrl}", " ");
    return TextWidth.cut(JsonText.escapeLoneSurrogates(line), WIDEST);
  }

  /**
   * Gives the table as text.
   *
   * @param sortBy the column to sort by, if there is such a one: {@link #requireColumn} tells;
   *     null: as added
   */
  public String render(@Nullable String sortBy) {
    later.values().forEach(Runnable::run);
    later.clear();
    if (sortBy != null) {
      lines.sort(
          isNumeric(sortBy)
              ? Comparator.comparing(line -> -number(line.get(sortBy)))
              : Comparator.comparing(line -> text(line.get(sortBy))));
    }
    StringBuilder out = new StringBuilder();
    Set<String> numeric =
        widths.keySet().stream().filter(this::isNumeric).collect(Collectors.toSet());
    if (!lines.isEmpty()) {
      StringBuilder rule = new StringBuilder();
      StringBuilder heads = new StringBuilder();
      for (Entry<String, Integer> column : widths.entrySet()) {
        append(heads, column.getKey(), column.getValue(), numeric.contains(column.getKey()));
        append(rule, "-".repeat(column.getValue()), column.getValue(), false);
      }
      endLine(out.append(heads));
      endLine(out.append(rule));
    }
    for (Map<String, JsonNode> line : lines) {
      StringBuilder cells = new StringBuilder();
      widths.forEach(
          (name, width) -> append(cells, text(line.get(name)), width, numeric.contains(name)));
      endLine(out.append(cells));
    }
    failures.forEach(failure -> out.append(failure).append('\n'));
    return out.toString();
  }

  /** Refuses a column to sort by that the table, which is rendered now, does not have. */
  public void requireColumn(String sortBy) {
    if (!lines.isEmpty() && !widths.containsKey(sortBy)) {
      throw noColumn(sortBy, widths.keySet());
    }
  }

  /** Refuses a column to sort by that no table of results of this type has. */
  public static void check(String sortBy, Type result) {
    List<String> names = KnownNames.of(result);
    if (!names.isEmpty() && !names.contains(sortBy) && !OF_OTHERS.contains(sortBy)) {
      throw noColumn(sortBy, names);
    }
  }

  private static UsageException noColumn(String sortBy, Collection<String> names) {
    return new UsageException(
        "--sort: the table has no column '" + sortBy + "'; " + NearNames.instead(sortBy, names));
  }

  private static double number(@Nullable JsonNode cell) {
    return cell == null ? Double.NEGATIVE_INFINITY : cell.asDouble();
  }

  private boolean isNumeric(String column) {
    return lines.stream()
        .map(line -> line.get(column))
        .allMatch(cell -> cell == null || cell.isNull() || cell.isNumber());
  }

  private static void append(StringBuilder line, String text, int width, boolean right) {
    String padding = " ".repeat(Math.max(0, width - TextWidth.of(text)));
    line.append(right ? padding + text : text + padding).append("  ");
  }

  private static void endLine(StringBuilder out) {
    int end = out.length();
    while (end > 0 && out.charAt(end - 1) == ' ') {
      end--;
    }
    out.setLength(end);
    out.append('\n');
  }
}
