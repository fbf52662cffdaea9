package dev.procpool.cli.binding;

import dev.procpool.cli.binding.Target.Parameter;
import dev.procpool.cli.message.Counted;
import dev.procpool.cli.message.NearNames;
import dev.procpool.cli.row.InvalidRowException;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.row.Rows;
import dev.procpool.cli.value.ConversionException;
import dev.procpool.cli.value.TextConverter;
import dev.procpool.cli.value.TextParser;
import dev.procpool.guard.SafeText;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of CSV rows, lines and files become the values of a call. Immutable.
 *
 * <p>With a header, columns are bound by the names of the parameters (or of the record's
 * components), which must all be there, and other columns are passed over. By position, and their
 * number must fit, if there is no header, if the names of parameters are not known, if there is but
 * one of each, or if the user says so.
 */
public final class Binding {

  private final Target target;
  private final Mode mode;
  private final List<String> header;
  private final Parameter first;
  private final boolean takesWholeRow;
  private final List<Parameter> slots;
  private final boolean byName;

  /** The column of each slot, or -1. */
  private final int[] columns;

  /** What converts the text of each slot. */
  private final TextParser[] parsers;

  /**
   * Makes a binding.
   *
   * @param target what is called; for {@link Mode#MAP} it takes one value
   * @param mode whether a row is spread
   * @param header the columns' names; empty if there is no header
   * @param byPosition whether the names mean nothing
   */
  public Binding(Target target, Mode mode, List<String> header, boolean byPosition) {
    this.target = target;
    this.mode = mode;
    this.first = target.first();
    this.takesWholeRow = mode == Mode.MAP && isWholeRow(first.raw());
    this.slots = slots();
    this.header = named(header);
    this.byName =
        !byPosition
            && !header.isEmpty()
            && (header.size() > 1 || slots.size() > 1)
            && areNamesKnown();
    this.columns =
        IntStream.range(0, slots.size())
            .map(i -> byName ? this.header.indexOf(slots.get(i).name()) : i)
            .toArray();
    this.parsers =
        slots.stream().map(slot -> TextConverter.parser(slot.type())).toArray(TextParser[]::new);
  }

  /** Gives the parameters' names that are left to the columns that have none, in their order. */
  private List<String> named(List<String> columns) {
    if (!columns.contains(Rows.UNNAMED) || !areNamesKnown()) {
      return List.copyOf(columns);
    }
    List<String> free = new ArrayList<>(names());
    free.removeAll(columns);
    if (free.size() != Collections.frequency(columns, Rows.UNNAMED)) {
      return List.copyOf(columns);
    }
    Iterator<String> next = free.iterator();
    return columns.stream().map(name -> name.equals(Rows.UNNAMED) ? next.next() : name).toList();
  }

  private boolean areNamesKnown() {
    return slots.stream().allMatch(slot -> slot.name() != null);
  }

  /** Gives the names that columns are bound to; none if they are not known. */
  public List<String> names() {
    return areNamesKnown() ? slots.stream().map(Parameter::name).toList() : List.of();
  }

  /** Tells whether a column of this name would be bound to something. */
  public boolean takes(String name) {
    return takesWholeRow || !areNamesKnown() || names().contains(name);
  }

  private List<Parameter> slots() {
    if (mode == Mode.MAP && rowType().isRecord()) {
      return Arrays.stream(rowType().getRecordComponents())
          .map(c -> new Parameter(c.getName(), c.getGenericType(), c.getType()))
          .toList();
    }
    return target.parameters();
  }

  private Class<?> rowType() {
    return first.raw();
  }

  /**
   * Checks the names in the header.
   *
   * @return what is wrong, as a sentence; null if nothing is
   */
  public @Nullable String headerFault() {
    if (takesWholeRow) {
      return rowType() == Map.class ? doubled(header) : null;
    }
    if (!byName) {
      return null;
    }
    int unnamed = Collections.frequency(header, Rows.UNNAMED);
    if (unnamed > 0) {
      return "a row has "
          + Counted.of(unnamed, "value")
          + " besides those of --with, but "
          + wanted()
          + " takes "
          + (slots.size() - header.size() + unnamed);
    }
    List<String> names = names();
    for (String name : names) {
      if (!header.contains(name)) {
        List<String> near = NearNames.of(name, header);
        return "the header has no column '"
            + name
            + "' for "
            + wanted()
            + "; "
            + (near.isEmpty() ? "" : "did you mean '" + near.get(0) + "'? ")
            + "it has "
            + String.join(", ", header)
            + " (--by-position passes over the names)";
      }
    }
    return doubled(names);
  }

  private @Nullable String doubled(List<String> names) {
    for (String name : names) {
      int first = header.indexOf(name);
      int last = header.lastIndexOf(name);
      if (first != last) {
        return "the header has '"
            + name
            + "' twice, in columns "
            + (first + 1)
            + " and "
            + (last + 1)
            + ": which one is meant?";
      }
    }
    return null;
  }

  private String wanted() {
    return mode == Mode.MAP && rowType().isRecord()
        ? "the record " + rowType().getSimpleName()
        : target.signature();
  }

  private static boolean isWholeRow(Class<?> type) {
    return type == String[].class
        || type.isAssignableFrom(List.class) && type != Object.class
        || type == Map.class;
  }

  /**
   * Checks that rows of so many columns can be bound.
   *
   * @return what is wrong; null if nothing is
   */
  public @Nullable String mismatch(int columns) {
    if (takesWholeRow) {
      return rowType() == Map.class && (header.isEmpty() || header.contains(Rows.UNNAMED))
          ? target.signature() + " takes a Map, which needs the columns' names: use --header"
          : null;
    }
    if (byName || columns == slots.size()) {
      return null;
    }
    String expects =
        mode == Mode.MAP && rowType().isRecord()
            ? rowType().getSimpleName() + " has " + Counted.of(slots.size(), "component")
            : target.signature() + " takes " + slots.size();
    String hint =
        mode == Mode.MAP && columns > 1 && !rowType().isRecord()
            ? "; starmap spreads a row's fields"
            : "";
    return Counted.of(columns, "field") + ", but " + expects + hint;
  }

  /** Says which column each value comes from. */
  List<String> columns() {
    if (takesWholeRow) {
      return List.of("all columns are one " + rowType().getSimpleName());
    }
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < slots.size(); i++) {
      Parameter slot = slots.get(i);
      shown.add(
          (slot.name() == null ? TextConverter.name(slot.type()) : slot.name())
              + " is column "
              + (columns[i] + 1)
              + (byName ? "" : " (by position)"));
    }
    return shown;
  }

  /** Gives the type that each column is bound to, {@code Object} for one that is not. */
  public List<Class<?>> columnTypes() {
    if (takesWholeRow) {
      return List.of();
    }
    int width = byName ? header.size() : slots.size();
    List<Class<?>> types = new ArrayList<>(Collections.nCopies(width, Object.class));
    for (int i = 0; i < slots.size(); i++) {
      if (columns[i] >= 0) {
        types.set(columns[i], slots.get(i).raw());
      }
    }
    return types;
  }

  /** Converts a row of fields. */
  Object[] bind(Row row) throws InvalidRowException {
    List<String> fields = row.fields();
    if (header.size() > 0 && fields.size() != header.size()) {
      throw new InvalidRowException(
          row.where()
              + ": "
              + Counted.of(fields.size(), "field")
              + ", but the header has "
              + header.size());
    }
    String mismatch = mismatch(fields.size());
    if (mismatch != null) {
      throw new InvalidRowException(row.where() + ": " + mismatch);
    }
    if (takesWholeRow) {
      return new Object[] {wholeRow(row)};
    }
    Object[] values = new Object[slots.size()];
    for (int i = 0; i < slots.size(); i++) {
      values[i] = convert(row, columns[i], slots.get(i).name(), parsers[i]);
    }
    return mode == Mode.MAP && rowType().isRecord()
        ? new Object[] {newRecord(row, values)}
        : values;
  }

  private static @Nullable Object convert(
      Row row, int column, @Nullable String name, TextParser parser) throws InvalidRowException {
    try {
      return parser.parse(row.fields().get(column));
    } catch (ConversionException e) {
      throw new InvalidRowException(
          row.where()
              + ", column "
              + (column + 1)
              + (name == null ? "" : " (" + name + ")")
              + ": "
              + e.getMessage());
    }
  }

  private Object wholeRow(Row row) throws InvalidRowException {
    Type generic = first.type();
    if (rowType() == String[].class) {
      return row.fields().toArray(String[]::new);
    }
    Type[] arguments =
        generic instanceof ParameterizedType p ? p.getActualTypeArguments() : new Type[0];
    TextParser parser =
        TextConverter.parser(
            arguments.length == 0 ? String.class : arguments[arguments.length - 1]);
    Object[] values = new Object[row.fields().size()];
    Map<String, Object> named = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      String name = header.isEmpty() ? null : header.get(i);
      values[i] = convert(row, i, name, parser);
      named.put(name, values[i]);
    }
    return rowType() == Map.class ? named : Arrays.asList(values);
  }

  private Object newRecord(Row row, Object[] values) throws InvalidRowException {
    Class<?>[] types =
        Arrays.stream(rowType().getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      var constructor = rowType().getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new InvalidRowException(
          row.where()
              + ": "
              + rowType().getSimpleName()
              + " refuses the values: "
              + SafeText.of(e.getCause()));
    } catch (ReflectiveOperationException e) {
      throw new InvalidRowException(row.where() + ": " + e);
    }
  }
}
