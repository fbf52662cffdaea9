package dev.procpool.cli.journal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.procpool.cli.binding.Mode;
import dev.procpool.cli.binding.Target;
import dev.procpool.cli.value.JsonConverter;
import dev.procpool.cli.value.JsonText;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /**
   * Says what the results are the results of.
   *
   * @param init the method that {@code --init} names; null for none
   */
  public static String called(Mode mode, Target target, @Nullable String init) {
    return mode.name().toLowerCase(Locale.ROOT)
        + " "
        + target.owner().getName()
        + "::"
        + target.chosen()
        + (init == null ? "" : " --init " + init);
  }

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
