package dev.procpool.cli.journal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.cli.value.JsonConverter;
import dev.procpool.cli.value.JsonText;
import java.io.IOException;
import java.util.Optional;

/**
 * The first line of a journal: what the results are the results of. Immutable.
 *
 * @param target the method, with its class and parameter types
 * @param code a hash of the code and class path
 * @param input the input: file, size and time of change; or the patterns of files
 */
public record JournalHeader(String target, String code, String input) {

  /** What the line starts with. */
  static final String START = "{\"procpool\":";

  private static final int VERSION = 1;

  /** Gives the line, with its end. */
  String line() {
    return START
        + "{\"journal\":"
        + VERSION
        + ",\"target\":"
        + JsonText.quote(target)
        + ",\"code\":"
        + JsonText.quote(code)
        + ",\"input\":"
        + JsonText.quote(input)
        + "}}\n";
  }

  /** Reads a line; gives nothing if it is no header, or one of a version that is not known. */
  static Optional<JournalHeader> parse(byte[] line) {
    try {
      JsonNode header = JsonConverter.mapper().readTree(line).path("procpool");
      return header.path("journal").asInt() == VERSION
          ? Optional.of(
              new JournalHeader(
                  header.path("target").asText(),
                  header.path("code").asText(),
                  header.path("input").asText()))
          : Optional.empty();
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }
}
