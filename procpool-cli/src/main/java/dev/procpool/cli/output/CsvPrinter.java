package dev.procpool.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.procpool.cli.message.BrokenOffException;
import dev.procpool.cli.reply.ResultJson;
import dev.procpool.cli.value.JsonConverter;
import dev.procpool.cli.value.JsonText;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Prints results as CSV: index and status, the properties of the value or the value itself, and
 * what went wrong. The first value that is ok decides the columns; what fails before it waits for
 * it. If one of its properties is called as a column of the run's own is, all of them have {@code
 * value.} before their names, as in templates. Used by one thread.
 */
final class CsvPrinter implements Printer {

  private static final int MOST_WAITING = 10_000;

  private static final Set<String> OWN = Set.of("index", "status", "error");

  private final CsvWriter csv;
  private final List<JsonNode> waiting = new ArrayList<>();
  private final List<String> properties = new ArrayList<>();
  private boolean hasColumns;

  CsvPrinter(Writer out) {
    this.csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).bufferSize(0).build(out);
  }

  @Override
  public void print(String line) throws IOException {
    JsonNode result = ResultJson.parse(line);
    if (!hasColumns && !ResultJson.isOk(result) && waiting.size() < MOST_WAITING) {
      waiting.add(result);
      return;
    }
    begin(result.path("value"));
    row(result);
  }

  @Override
  public void end() throws IOException {
    if (!waiting.isEmpty()) {
      begin(JsonConverter.mapper().getNodeFactory().missingNode());
    }
  }

  /** Decides the columns, once, and prints what has waited. */
  private void begin(JsonNode value) throws IOException {
    if (hasColumns) {
      return;
    }
    hasColumns = true;
    value.fieldNames().forEachRemaining(properties::add);
    List<String> names = new ArrayList<>(List.of("index", "status"));
    List<String> columns = isSimple() ? List.of("value") : properties;
    String prefix = columns.stream().anyMatch(OWN::contains) ? "value." : "";
    columns.forEach(name -> names.add(prefix + JsonText.escapeLoneSurrogates(name)));
    names.add("error");
    csv.writeRecord(names);
    for (JsonNode result : waiting) {
      row(result);
    }
    waiting.clear();
  }

  private boolean isSimple() {
    return properties.isEmpty();
  }

  private void row(JsonNode result) throws IOException {
    JsonNode value = result.path("value");
    List<String> cells = new ArrayList<>();
    cells.add(result.path("index").asText());
    cells.add(result.path("status").asText());
    if (isSimple()) {
      cells.add(ResultJson.text(value));
    } else {
      properties.forEach(name -> cells.add(ResultJson.text(value.path(name))));
      requireNoMore(result, value);
    }
    cells.add(ResultJson.text(result.path("error").path("message")));
    csv.writeRecord(cells);
  }

  /** A value that does not fit the columns would lose what has none. */
  private void requireNoMore(JsonNode result, JsonNode value) throws IOException {
    boolean fits = value.isObject() || value.isMissingNode() || value.isNull();
    List<String> others = new ArrayList<>();
    value.fieldNames().forEachRemaining(name -> others.add(name));
    others.removeAll(properties);
    if (!fits || !others.isEmpty()) {
      csv.flush();
      throw new BrokenOffException(
          "--print csv: item "
              + result.path("index")
              + (fits ? " has '" + others.get(0) + "'" : " has a value without properties")
              + ", for which there is no column: the first value had "
              + String.join(", ", properties)
              + "; print jsonl or a template",
          null);
    }
  }
}
