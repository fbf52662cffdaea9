package dev.procpool.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Writer;

/** Prints results in a form that {@code --print} names. Used by one thread. */
interface Printer {

  /**
   * Prints a result.
   *
   * @param line the result as a line of JSON, with its end
   */
  void print(String line) throws IOException;

  /** Prints what was held back. */
  default void end() throws IOException {}

  /**
   * Makes a printer.
   *
   * @param form what {@code --print} says; null for the default
   * @param tag whether values have their arguments before them
   * @param out where it prints to; not flushed
   */
  static Printer of(String form, boolean tag, Writer out) {
    if (isJsonLines(form)) {
      return out::write;
    }
    return form.equals("csv")
        ? new CsvPrinter(out)
        : new ValuePrinter(form.equals("value") ? null : Template.parse(form), tag, out);
  }

  /** Tells whether a form prints results as they are. */
  static boolean isJsonLines(String form) {
    return form == null || form.equals("jsonl");
  }

  /** Tells whether a form prints text of the user's own choice. */
  static boolean isByLine(String form) {
    return form != null && (form.equals("value") || form.contains("{"));
  }

  /** Refuses a form that there is not. */
  static void check(String form) {
    if (form != null && !form.equals("jsonl") && !form.equals("csv") && !form.equals("value")) {
      if (!form.contains("{")) {
        throw new UsageException(
            "--print '"
                + form
                + "' is none of value, jsonl, csv, or a template as '{args.0} {value}'");
      }
      Template.parse(form);
    }
  }

  /** Reads a result. */
  static JsonNode parse(String line) {
    try {
      return JsonConverter.mapper().readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a worker sent what is not JSON: " + line, e);
    }
  }

  /** Tells whether a result is one of an item that went well. */
  static boolean isOk(JsonNode result) {
    return result.path("status").asText().equals(Status.OK.text());
  }

  /** Gives a value as people write it: text without quotes, nothing for null. */
  static String text(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    return value.isTextual() ? value.textValue() : value.toString();
  }
}
