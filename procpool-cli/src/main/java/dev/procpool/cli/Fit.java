package dev.procpool.cli;

import java.lang.reflect.Method;

/** Whether method and rows go together, told before any worker starts. Stateless. */
final class Fit {

  private Fit() {}

  /** Checks what is known before the input is opened. */
  static void checkArity(Method method, Mode mode, Input input) {
    int parameters = method.getParameterCount();
    if (parameters == 0) {
      throw new UsageException(Signature.of(method) + " takes no argument, so no row can be given");
    }
    boolean oneValue = !input.globs().isEmpty() || input.format() == Format.lines;
    if (parameters > 1 && mode == Mode.MAP) {
      throw new UsageException(
          Signature.of(method)
              + " takes "
              + parameters
              + " arguments, but map gives one a row; starmap spreads a row's fields");
    }
    if (parameters > 1 && oneValue) {
      throw new UsageException(
          Signature.of(method)
              + " takes "
              + parameters
              + " arguments, but "
              + (input.globs().isEmpty()
                  ? "a line is one: give --format csv, tsv or jsonl"
                  : "a file is one"));
    }
  }

  /** Checks against the header and the first row. */
  static void checkRows(Method method, Mode mode, PeekedRows rows) {
    Row first = rows.peek();
    String mismatch = null;
    if (first == null) {
      return;
    }
    if (first.kind() == Row.Kind.FIELDS) {
      int columns = rows.header().isEmpty() ? first.fields().size() : rows.header().size();
      mismatch = new Binding(method, mode, rows.header()).mismatch(columns);
      if (mismatch != null) {
        String where = rows.header().isEmpty() ? first.where() : "the header";
        mismatch = where + " has " + mismatch;
      }
    } else if (first.kind() == Row.Kind.JSON) {
      mismatch = new JsonBinding(method, mode).mismatch(first);
    }
    if (mismatch != null) {
      throw new UsageException(mismatch);
    }
  }
}
