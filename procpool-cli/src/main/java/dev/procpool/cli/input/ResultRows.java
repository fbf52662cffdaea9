package dev.procpool.cli.input;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.cli.reply.ResultJson;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import dev.procpool.cli.value.JsonConverter;
import org.jspecify.annotations.Nullable;

/**
 * The values of a run's results as rows of another. An item without a value is a broken row: what
 * was lost on the way is not lost silently. Used by one thread at a time.
 */
final class ResultRows extends ReadRows {

  private final Rows results;

  /**
   * Makes the rows.
   *
   * @param results the lines of the results
   */
  ResultRows(Rows results) {
    this.results = results;
  }

  @Override
  @Nullable Row read() {
    Row row = null;
    while (row == null && results.hasNext()) {
      row = row(results.next());
    }
    return row;
  }

  /** Gives the row of a result; null for what each of several runs in a file says of itself. */
  private static @Nullable Row row(Row line) {
    if (line.kind() == Row.Kind.BROKEN) {
      return line;
    }
    JsonNode result;
    try {
      result = JsonConverter.mapper().readTree(line.text());
    } catch (JsonProcessingException e) {
      return Row.broken(line.line(), line.text(), "this is no line of a run's results: no JSON");
    }
    JsonNode status = result.path("status");
    if (!result.has("index") || !status.isTextual()) {
      return result.has("procpool")
          ? null
          : Row.broken(
              line.line(), line.text(), "this is no line of a run's results: no index or status");
    }
    return ResultJson.isOk(result) && result.has("value")
        ? Row.of(line.line(), Row.Kind.JSON, result.get("value").toString())
        : Row.broken(
            line.line(),
            result.path("args").toString(),
            "it has no value, for it was " + status.textValue() + " in the run before");
  }

  @Override
  public void close() {
    results.close();
  }
}
