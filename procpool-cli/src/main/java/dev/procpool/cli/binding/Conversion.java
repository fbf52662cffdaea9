package dev.procpool.cli.binding;

import dev.procpool.cli.binding.Target.Parameter;
import dev.procpool.cli.row.InvalidRowException;
import dev.procpool.cli.row.Row;
import java.util.List;

/** How rows of every kind become the values of a call. Immutable. */
public final class Conversion {

  private final Target target;
  private final Parameter first;
  private final SingleArgument single;
  private final Binding fields;
  private final JsonBinding json;

  /**
   * Makes a conversion.
   *
   * @param target what is called
   * @param mode whether a row is spread
   * @param header the columns' names; empty if there is no header
   * @param byPosition whether the names mean nothing
   */
  public Conversion(Target target, Mode mode, List<String> header, boolean byPosition) {
    this.target = target;
    this.first = target.first();
    this.single = new SingleArgument(first.type());
    this.fields = new Binding(target, mode, header, byPosition);
    this.json = new JsonBinding(target, mode);
  }

  /** Converts a row; of an unbound method's values the first is not null. */
  public Object[] of(Row row) throws InvalidRowException {
    Object[] values =
        switch (row.kind()) {
          case BROKEN -> throw row.fault();
          case JSON -> json.bind(row);
          case LINE, ITEM, FILE -> new Object[] {single.of(row)};
          case BATCH -> new Object[] {Batch.of(row, first)};
          case FIELDS -> fields.bind(row);
        };
    if (target.unbound() && values[0] == null) {
      throw new InvalidRowException(
          row.where() + ": null, but " + target.signature() + " needs a value");
    }
    return values;
  }

  /** Says which column each value comes from; empty if a row is not made of columns. */
  public List<String> columns() {
    return fields.columns();
  }
}
