package dev.procpool.cli.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.procpool.cli.reply.Status;
import dev.procpool.cli.value.JsonConverter;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a journal needs to know of a result that is in it. Immutable.
 *
 * @param index the item's place in the input of the run that wrote the line
 * @param status how the item fared
 * @param key its row's content
 * @param attempt which run of it this was: 1, or more after {@code --retry-failed}
 */
public record JournalLine(long index, Status status, RowKey key, int attempt) {

  /** What each result starts with. */
  public static final String START = "{\"index\":";

  /** Gives the end of a result's line, which makes it a line of a journal. */
  public static String end(RowKey key, int attempt) {
    return ",\"key\":\"" + key.text() + "\",\"attempt\":" + attempt + "}\n";
  }

  /** Reads a line; gives nothing if it is not whole. */
  static Optional<JournalLine> parse(byte[] line) {
    long index = -1;
    @Nullable Status status = null;
    @Nullable RowKey key = null;
    int attempt = 0;
    try (JsonParser json = JsonConverter.mapper().createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "index" -> index = json.getLongValue();
          case "status" -> status = Status.of(json.getText()).orElse(null);
          case "key" -> key = RowKey.parse(json.getText());
          case "attempt" -> attempt = json.getIntValue();
          default -> json.skipChildren();
        }
      }
      boolean whole =
          json.currentToken() == JsonToken.END_OBJECT
              && json.nextToken() == null
              && index >= 0
              && attempt > 0;
      return whole && status != null && key != null
          ? Optional.of(new JournalLine(index, status, key, attempt))
          : Optional.empty();
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }
}
