package dev.procpool.cli.reply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.cli.value.JsonConverter;
import dev.procpool.cli.value.JsonText;

/** Reads what a result says of itself as JSON. Stateless. */
public final class ResultJson {

  private ResultJson() {}

  /** Reads a result, or its value. */
  public static JsonNode parse(String line) {
    try {
      return JsonConverter.mapper().readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a worker sent what is not JSON: " + line, e);
    }
  }

  /** Tells whether a result is one of an item that went well. */
  public static boolean isOk(JsonNode result) {
    return result.path("status").asText().equals(Status.OK.text());
  }

  /**
   * Gives a value as people write it: text without quotes, nothing for null. Half a pair of
   * surrogates, which would be written as a question mark, is escaped as in JSON.
   */
  public static String text(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    return JsonText.escapeLoneSurrogates(value.isTextual() ? value.textValue() : value.toString());
  }
}
