package dev.procpool.cli.target;

import dev.procpool.cli.binding.Batch;
import dev.procpool.cli.binding.Binding;
import dev.procpool.cli.binding.JsonBinding;
import dev.procpool.cli.binding.Mode;
import dev.procpool.cli.binding.Target;
import dev.procpool.cli.input.Input;
import dev.procpool.cli.input.PeekedRows;
import dev.procpool.cli.message.NearNames;
import dev.procpool.cli.row.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a method and rows go together, told before any worker starts. Stateless. */
final class Fit {

  private Fit() {}

  /**
   * Checks what is known before the input is opened.
   *
   * @return what is wrong; null if nothing is
   */
  static @Nullable String arity(Target target, Mode mode, Input input) {
    int values = target.arity();
    if (values == 0) {
      return target.signature() + " takes no argument, so no row can be given";
    }
    if (values > 1 && mode == Mode.MAP) {
      return target.signature()
          + " takes "
          + values
          + " arguments, but map gives one a row; starmap spreads a row's fields";
    }
    if (values > 1 && input.hasOneValue()) {
      return target.signature()
          + " takes "
          + values
          + " arguments, but "
          + (input.globs().isEmpty()
              ? "a line is one: give --format csv, tsv or jsonl"
              : "a file is one");
    }
    if (input.plan().batch().isPresent() && Batch.elementType(target.parameters().get(0)) == null) {
      return target.signature() + " takes neither a List nor an array, which --batch passes";
    }
    boolean content = target.parameters().stream().anyMatch(p -> p.raw() == byte[].class);
    boolean combined = !input.plan().with().isEmpty() || input.plan().batch().isPresent();
    if (content && !input.globs().isEmpty() && combined) {
      return target.signature()
          + " takes a file's content, which does not go with --with and --batch: take its Path";
    }
    return null;
  }

  /**
   * Checks against the header and the first row.
   *
   * @return what is wrong; null if nothing is
   */
  static @Nullable String rows(Target target, Mode mode, PeekedRows rows, boolean byPosition) {
    Row first = rows.peek();
    if (first == null && rows.header().isEmpty()) {
      return null;
    }
    if (first == null || first.kind() == Row.Kind.FIELDS) {
      Binding binding = new Binding(target, mode, rows.header(), byPosition);
      List<String> fields =
          first != null && rows.header().isEmpty() ? first.fields() : rows.header();
      String fault = withFault(target, rows, binding);
      fault = fault != null ? fault : binding.headerFault();
      String mismatch = fault != null ? null : binding.mismatch(fields.size());
      if (mismatch != null) {
        fault =
            (first != null && rows.header().isEmpty() ? first.where() : "the header")
                + " has "
                + mismatch;
      }
      return fault == null ? null : fault + delimiterHint(fields);
    }
    return first.kind() == Row.Kind.JSON ? new JsonBinding(target, mode).mismatch(first) : null;
  }

  /** A column that --with adds for nobody is a slip of the pen. */
  private static @Nullable String withFault(Target target, PeekedRows rows, Binding binding) {
    List<String> header = rows.header();
    for (String name : header.subList(header.size() - rows.added(), header.size())) {
      if (!binding.takes(name)) {
        List<String> near = NearNames.of(name, binding.names());
        return "--with "
            + name
            + ": "
            + target.signature()
            + " takes none of that name"
            + (near.isEmpty() ? "" : "; did you mean " + near.get(0) + "?");
      }
    }
    return null;
  }

  private static String delimiterHint(List<String> fields) {
    for (String delimiter : new String[] {";", "\t", "|"}) {
      if (fields.size() == 1 && fields.get(0).contains(delimiter)) {
        String shown = delimiter.equals("\t") ? "\\t" : delimiter;
        return "; is it separated by '" + shown + "'? --delimiter '" + shown + "'";
      }
    }
    return "";
  }
}
