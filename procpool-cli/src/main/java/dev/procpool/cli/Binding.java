package dev.procpool.cli;

import dev.procpool.guard.SafeText;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of CSV rows, lines and files become the arguments of one method. Immutable.
 *
 * <p>With a header whose names include all the parameters' names (or the record's components),
 * columns are bound by name and others are passed over; else by position, and their number must
 * fit.
 */
final class Binding {

  private final Method method;
  private final Mode mode;
  private final List<String> header;
  private final Slot[] slots;
  private final boolean byName;

  /** One value to be made from one column. */
  private record Slot(@Nullable String name, Type type) {}

  /**
   * Makes a binding.
   *
   * @param method the method; for {@link Mode#MAP} it has one parameter
   * @param mode whether a row is spread
   * @param header the columns' names; empty if there is no header
   */
  Binding(Method method, Mode mode, List<String> header) {
    this.method = method;
    this.mode = mode;
    this.header = List.copyOf(header);
    this.slots = slots();
    this.byName =
        header.size() > 0
            && Arrays.stream(slots).allMatch(s -> s.name() != null && header.contains(s.name()));
  }

  private Slot[] slots() {
    if (mode == Mode.MAP && rowType().isRecord()) {
      return Arrays.stream(rowType().getRecordComponents())
          .map(c -> new Slot(c.getName(), c.getGenericType()))
          .toArray(Slot[]::new);
    }
    return Arrays.stream(method.getParameters())
        .map(p -> new Slot(p.isNamePresent() ? p.getName() : null, p.getParameterizedType()))
        .toArray(Slot[]::new);
  }

  private Class<?> rowType() {
    Parameter parameter = method.getParameters()[0];
    return parameter.getType();
  }

  private boolean takesWholeRow() {
    return mode == Mode.MAP
        && (rowType() == String[].class
            || rowType().isAssignableFrom(List.class) && rowType() != Object.class
            || rowType() == Map.class);
  }

  /**
   * Checks that rows of so many columns can be bound.
   *
   * @return what is wrong; null if nothing is
   */
  @Nullable String mismatch(int columns) {
    if (takesWholeRow()) {
      return rowType() == Map.class && header.isEmpty()
          ? Signature.of(method) + " takes a Map, which needs the columns' names: use --header"
          : null;
    }
    if (byName || columns == slots.length) {
      return null;
    }
    String expects =
        mode == Mode.MAP && rowType().isRecord()
            ? rowType().getSimpleName() + " has " + count(slots.length, "component")
            : Signature.of(method) + " takes " + slots.length;
    String hint =
        mode == Mode.MAP && columns > 1 && !rowType().isRecord()
            ? "; starmap spreads a row's fields"
            : "";
    return count(columns, "field") + ", but " + expects + hint;
  }

  static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  /** Converts a row of fields. */
  Object[] bind(Row row) throws InvalidRowException {
    List<String> fields = row.fields();
    if (header.size() > 0 && fields.size() != header.size()) {
      throw new InvalidRowException(
          row.where()
              + ": "
              + count(fields.size(), "field")
              + ", but the header has "
              + header.size());
    }
    String mismatch = mismatch(fields.size());
    if (mismatch != null) {
      throw new InvalidRowException(row.where() + ": " + mismatch);
    }
    if (takesWholeRow()) {
      return new Object[] {wholeRow(row)};
    }
    Object[] values = new Object[slots.length];
    for (int i = 0; i < slots.length; i++) {
      int column = byName ? header.indexOf(slots[i].name()) : i;
      values[i] = convert(row, column, slots[i]);
    }
    return mode == Mode.MAP && rowType().isRecord()
        ? new Object[] {newRecord(row, values)}
        : values;
  }

  private static @Nullable Object convert(Row row, int column, Slot slot)
      throws InvalidRowException {
    try {
      return TextConverter.convert(row.fields().get(column), slot.type());
    } catch (ConversionException e) {
      String name = slot.name() == null ? "" : " (" + slot.name() + ")";
      throw new InvalidRowException(
          row.where() + ", column " + (column + 1) + name + ": " + e.getMessage());
    }
  }

  private Object wholeRow(Row row) throws InvalidRowException {
    Type generic = method.getGenericParameterTypes()[0];
    if (rowType() == String[].class) {
      return row.fields().toArray(String[]::new);
    }
    Type[] arguments =
        generic instanceof ParameterizedType p ? p.getActualTypeArguments() : new Type[0];
    Type element = arguments.length == 0 ? String.class : arguments[arguments.length - 1];
    Object[] values = new Object[row.fields().size()];
    Map<String, Object> named = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      String name = header.isEmpty() ? null : header.get(i);
      values[i] = convert(row, i, new Slot(name, element));
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
