package dev.procpool.cli.run;

import dev.procpool.cli.binding.Conversion;
import dev.procpool.cli.binding.Mode;
import dev.procpool.cli.binding.Target;
import dev.procpool.cli.input.Input;
import dev.procpool.cli.input.PeekedRows;
import dev.procpool.cli.message.Counted;
import dev.procpool.cli.row.InvalidRowException;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.target.TargetSpec;
import dev.procpool.cli.terminal.ReaderGoneException;
import dev.procpool.cli.value.JsonConverter;
import dev.procpool.cli.value.NoJsonFormException;
import dev.procpool.cli.value.TextConverter;
import java.io.IOException;
import java.io.Writer;
import java.lang.reflect.Modifier;
import java.security.CodeSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run would call, and with what, without a worker and without calling it. Used by one
 * thread.
 */
final class DryRun {

  private static final int MOST_ROWS = 5;

  private final TargetSpec spec;
  private final Target target;
  private final Mode mode;
  private final Input input;
  private final Conversion conversion;
  private final PeekedRows rows;

  /**
   * Makes it.
   *
   * @param spec the target as written
   * @param target what would be called
   * @param mode whether a row is spread
   * @param input where the rows come from
   * @param rows the rows
   * @param byPosition whether the header's names mean nothing
   */
  DryRun(
      TargetSpec spec, Target target, Mode mode, Input input, PeekedRows rows, boolean byPosition) {
    this.spec = spec;
    this.target = target;
    this.mode = mode;
    this.input = input;
    this.rows = rows;
    this.conversion = new Conversion(target, mode, rows.header(), byPosition);
  }

  /** Shows it; gives 0 if all rows that it shows can be passed, else 1. */
  int show(Writer out) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("target: ").append(target.signature()).append(", ").append(how()).append('\n');
    text.append("code: ").append(code()).append('\n');
    text.append("input: ").append(source()).append('\n');
    Row first = rows.peek();
    if (first != null && first.kind() == Row.Kind.FIELDS) {
      List<String> columns = conversion.columns();
      text.append("binding: ").append(String.join(", ", columns)).append('\n');
    }
    int faults = 0;
    for (int i = 0; i < MOST_ROWS && rows.hasNext(); i++) {
      Row row = rows.next();
      try {
        String values = values(conversion.of(row));
        text.append(row.where()).append(": ").append(values).append('\n');
      } catch (InvalidRowException e) {
        faults++;
        text.append(e.getMessage()).append(" (invalid)\n");
      }
    }
    text.append(rows.hasNext() ? "and more rows\n" : "no more rows\n");
    try {
      out.write(text.toString());
      out.flush();
    } catch (ReaderGoneException e) {
      // has seen enough
    }
    return faults == 0 ? 0 : 1;
  }

  private String code() {
    CodeSource code = target.owner().getProtectionDomain().getCodeSource();
    return spec.isSource()
        ? spec.owner()
        : code == null ? "the JDK" : String.valueOf(code.getLocation());
  }

  private String how() {
    if (target.unbound()) {
      return "called on each row's first value";
    }
    return Modifier.isStatic(target.method().getModifiers())
        ? "static"
        : "called on one object a worker";
  }

  private String source() {
    String rowsAre = mode == Mode.MAP ? "each row is one value" : "each row's fields are spread";
    if (!input.plan().arguments().isEmpty()) {
      return ":::, " + rowsAre;
    }
    if (!input.globs().isEmpty()) {
      return "--files " + String.join(" ", input.globs()) + ", each file is one value";
    }
    return (input.isStandardInput() ? "standard input" : input.file())
        + ", "
        + input.format()
        + (input.header() ? " with a header" : "")
        + ", "
        + rowsAre;
  }

  private String values(Object[] values) {
    StringBuilder text = new StringBuilder();
    List<Target.Parameter> parameters = target.parameters();
    for (int i = 0; i < values.length; i++) {
      String name = parameters.get(i).name();
      text.append(i == 0 ? "" : ", ")
          .append(name == null ? TextConverter.name(parameters.get(i).type()) : name)
          .append(" = ")
          .append(value(values[i]));
    }
    return text.toString();
  }

  private static String value(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return Counted.of(bytes.length, "byte");
    }
    try {
      return JsonConverter.write(value);
    } catch (NoJsonFormException e) {
      return value == null ? "null" : "a " + value.getClass().getName();
    }
  }
}
