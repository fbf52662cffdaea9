package dev.procpool.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import dev.procpool.cli.binding.Binding;
import dev.procpool.cli.binding.Mode;
import dev.procpool.cli.binding.Target;
import dev.procpool.cli.reply.Status;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.value.JsonConverter;
import dev.procpool.cli.value.JsonNumber;
import dev.procpool.cli.value.JsonText;
import java.util.List;
import java.util.Set;

/**
 * Shows a row's arguments as a JSON array in the results, made from the row's text, so that they
 * are there even if the worker died. Immutable.
 */
public final class ArgumentsText {

  private static final boolean[] NO_COLUMNS = {};
  private static final Set<Class<?>> TEXT = Set.of(String.class, CharSequence.class, char.class);

  private final Mode mode;

  /** Which columns are text even if it is a number's. */
  private final boolean[] textColumns;

  /** Whether a row that is one value is text. */
  private final boolean isWholeText;

  /**
   * Makes it.
   *
   * @param target what is called
   * @param mode whether a row is spread
   * @param header the columns' names; empty if there is no header
   * @param byPosition whether the names mean nothing
   */
  public ArgumentsText(Target target, Mode mode, List<String> header, boolean byPosition) {
    this.mode = mode;
    List<Class<?>> columns = new Binding(target, mode, header, byPosition).columnTypes();
    this.textColumns = new boolean[columns.size()];
    for (int i = 0; i < textColumns.length; i++) {
      textColumns[i] = TEXT.contains(columns.get(i));
    }
    this.isWholeText = TEXT.contains(target.parameters().get(0).raw());
  }

  /** Appends the arguments of a row. */
  void write(Row row, Status status, Utf8Buffer out) {
    switch (row.kind()) {
      case JSON ->
          out.put(json(row.text(), status == Status.INVALID || status == Status.CANCELLED));
      case LINE, ITEM -> {
        out.put('[');
        field(row.text(), isWholeText, out);
        out.put(']');
      }
      case BATCH -> {
        out.put('[');
        fields(row.fields(), NO_COLUMNS, out);
        out.put(']');
      }
      case FILE, BROKEN -> {
        out.put('[');
        out.putQuoted(row.text());
        out.put(']');
      }
      case FIELDS -> fields(row.fields(), textColumns, out);
    }
  }

  /** A number is shown as one, unless the parameter is text. */
  private static void fields(List<String> fields, boolean[] areTexts, Utf8Buffer out) {
    out.put('[');
    for (int i = 0; i < fields.size(); i++) {
      if (i > 0) {
        out.put(',');
      }
      field(fields.get(i), i < areTexts.length && areTexts[i], out);
    }
    out.put(']');
  }

  private static void field(String text, boolean isText, Utf8Buffer out) {
    if (!isText) {
      String stripped = text.strip();
      if (JsonNumber.is(stripped) || stripped.equals("true") || stripped.equals("false")) {
        out.put(stripped);
        return;
      }
    }
    out.putQuoted(text);
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
