package dev.procpool.cli.output;

import dev.procpool.cli.message.UsageException;
import java.io.Writer;
import java.lang.reflect.Type;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The form in which results are printed, as {@code --print} and {@code --tag} say it. Immutable.
 *
 * @param name {@code jsonl}, {@code csv}, {@code value} or a template; null for the default
 * @param tag whether values have their arguments before them
 */
public record PrintForm(@Nullable String name, boolean tag) {

  /** Refuses a form that there is not. */
  public void check() {
    if (tag && !isByLine()) {
      throw new UsageException("--tag goes with --print value or a template");
    }
    if (name == null || isJsonLines() || name.equals("csv") || name.equals("value")) {
      return;
    }
    if (!name.contains("{")) {
      throw new UsageException(
          "--print '"
              + name
              + "' is none of value, jsonl, csv, or a template as '{args.0} {value}'");
    }
    Template.parse(name);
  }

  /** Refuses a template that asks for what no result of this type has. */
  public void check(Type result) {
    if (name != null && name.contains("{")) {
      Template.parse(name).check(result);
    }
  }

  /** Tells whether it prints results as they are. */
  boolean isJsonLines() {
    return name == null || name.equals("jsonl");
  }

  /** Tells whether it prints text of the user's own choice. */
  private boolean isByLine() {
    return name != null && (name.equals("value") || name.contains("{"));
  }

  /**
   * Makes a printer of this form.
   *
   * @param out where it prints to; not flushed
   * @param messages takes what a person is to know at the end
   */
  Printer to(Writer out, Consumer<String> messages) {
    if (name == null || isJsonLines()) {
      return out::write;
    }
    return name.equals("csv")
        ? new CsvPrinter(out)
        : new ValuePrinter(name.equals("value") ? null : Template.parse(name), tag, out, messages);
  }
}
