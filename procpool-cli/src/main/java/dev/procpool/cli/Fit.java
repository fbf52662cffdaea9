package dev.procpool.cli;

import java.util.List;

/** Whether a method and rows go together, told before any worker starts. Stateless. */
final class Fit {

  private Fit() {}

  /**
   * Checks what is known before the input is opened.
   *
   * @return what is wrong; null if nothing is
   */
  static String arity(Target target, Mode mode, Input input) {
    int values = target.arity();
    if (values == 0) {
      return target.signature() + " takes no argument, so no row can be given";
    }
    boolean oneValue = !input.globs().isEmpty() || input.format() == Format.lines;
    if (values > 1 && mode == Mode.MAP) {
      return target.signature()
          + " takes "
          + values
          + " arguments, but map gives one a row; starmap spreads a row's fields";
    }
    if (values > 1 && oneValue) {
      return target.signature()
          + " takes "
          + values
          + " arguments, but "
          + (input.globs().isEmpty()
              ? "a line is one: give --format csv, tsv or jsonl"
              : "a file is one");
    }
    return null;
  }

  /**
   * Checks against the header and the first row.
   *
   * @return what is wrong; null if nothing is
   */
  static String rows(Target target, Mode mode, PeekedRows rows, boolean byPosition) {
    Row first = rows.peek();
    if (first == null && rows.header().isEmpty()) {
      return null;
    }
    if (first == null || first.kind() == Row.Kind.FIELDS) {
      Binding binding = new Binding(target, mode, rows.header(), byPosition);
      List<String> fields = rows.header().isEmpty() ? first.fields() : rows.header();
      String fault = binding.headerFault();
      String mismatch = fault != null ? null : binding.mismatch(fields.size());
      if (mismatch != null) {
        fault = (rows.header().isEmpty() ? first.where() : "the header") + " has " + mismatch;
      }
      return fault == null ? null : fault + delimiterHint(fields);
    }
    return first.kind() == Row.Kind.JSON ? new JsonBinding(target, mode).mismatch(first) : null;
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
