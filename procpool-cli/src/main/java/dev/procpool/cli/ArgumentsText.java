package dev.procpool.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Shows a row's arguments as a JSON array in the results, made from the row's text, so that they
 * are there even if the worker died. Immutable.
 */
final class ArgumentsText {

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
  private static final Set<Class<?>> TEXT = Set.of(String.class, CharSequence.class, char.class);

  private final Mode mode;
  private final List<Class<?>> columns;

  /** What a row is if it is one value. */
  private final Class<?> whole;

  /**
   * Makes it.
   *
   * @param target what is called
   * @param mode whether a row is spread
   * @param header the columns' names; empty if there is no header
   * @param byPosition whether the names mean nothing
   */
  ArgumentsText(Target target, Mode mode, List<String> header, boolean byPosition) {
    this.mode = mode;
    this.columns = new Binding(target, mode, header, byPosition).columnTypes();
    this.whole = target.parameters().get(0).raw();
  }

  String of(Row row, Status status) {
    return switch (row.kind()) {
      case JSON -> json(row.text(), status == Status.INVALID || status == Status.CANCELLED);
      case LINE, ITEM -> "[" + field(row.text(), TEXT.contains(whole)) + "]";
      case BATCH ->
          row.fields().stream()
              .map(text -> field(text, false))
              .collect(Collectors.joining(",", "[[", "]]"));
      case FILE, BROKEN -> "[" + JsonText.quote(row.text()) + "]";
      case FIELDS -> fields(row.fields());
    };
  }

  /** A number is shown as one, unless the parameter is text. */
  private String fields(List<String> fields) {
    StringBuilder all = new StringBuilder("[");
    for (int i = 0; i < fields.size(); i++) {
      boolean isText = i < columns.size() && TEXT.contains(columns.get(i));
      all.append(i == 0 ? "" : ",").append(field(fields.get(i), isText));
    }
    return all.append(']').toString();
  }

  private static String field(String text, boolean isText) {
    String stripped = text.strip();
    boolean plain = stripped.equals("true") || stripped.equals("false");
    return !isText && (plain || NUMBER.matcher(stripped).matches())
        ? stripped
        : JsonText.quote(text);
  }

  private String json(String text, boolean doubtful) {
    String value = text.strip();
    if (doubtful && !isJson(value)) {
      return "[" + JsonText.quote(text) + "]";
    }
    return mode == Mode.STARMAP && value.startsWith("[") ? value : "[" + value + "]";
  }

  private static boolean isJson(String text) {
    try {
      JsonConverter.mapper()
          .readerFor(Object.class)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .readTree(text);
      return true;
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
