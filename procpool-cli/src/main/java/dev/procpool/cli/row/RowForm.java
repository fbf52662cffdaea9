package dev.procpool.cli.row;

import java.util.Arrays;
import java.util.List;

/**
 * Rows as the one text in which they cross to the workers: kind, line, and the fields.
 *
 * <p>Writing belongs to one thread, reading is stateless.
 */
public final class RowForm {

  private static final Row.Kind[] KINDS = Row.Kind.values();

  private final StringBuilder out = new StringBuilder(256);

  /** Writes a row. */
  @SuppressWarnings("EnumOrdinal") // the reader is of the same jar
  public String write(Row row) {
    out.setLength(0);
    out.append((char) row.kind().ordinal());
    PackedText.put(row.line(), out);
    List<String> fields = row.fields();
    if (isOneText(row.kind())) {
      out.append(row.text());
    } else {
      PackedText.put(fields.size(), out);
      for (int i = 0; i < fields.size(); i++) {
        PackedText.put(fields.get(i), out);
      }
    }
    return out.toString();
  }

  /** Reads a row. */
  public static Row read(String form) {
    Row.Kind kind = KINDS[form.charAt(0)];
    PackedText in = new PackedText(form, 1);
    long line = in.number();
    if (isOneText(kind)) {
      return Row.of(line, kind, in.rest());
    }
    String[] fields = new String[(int) in.number()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = in.text();
    }
    return new Row(line, kind, Arrays.asList(fields));
  }

  private static boolean isOneText(Row.Kind kind) {
    return switch (kind) {
      case LINE, ITEM, JSON, FILE -> true;
      case FIELDS, BATCH, BROKEN -> false;
    };
  }
}
