package dev.procpool.cli.binding;

import dev.procpool.cli.row.InvalidRowException;
import dev.procpool.cli.row.Row;
import dev.procpool.cli.value.ConversionException;
import dev.procpool.cli.value.TextConverter;
import dev.procpool.cli.value.TextParser;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The argument made of several rows: a list or an array of what each is. Stateless. */
public final class Batch {

  private Batch() {}

  /** Gives the type of the elements of a list or an array; null if it is neither. */
  public static @Nullable Type elementType(Target.Parameter parameter) {
    if (parameter.raw().isArray()) {
      return parameter.type() instanceof GenericArrayType generic
          ? generic.getGenericComponentType()
          : parameter.raw().getComponentType();
    }
    if (!Iterable.class.isAssignableFrom(parameter.raw())
        || !parameter.raw().isAssignableFrom(ArrayList.class)) {
      return null;
    }
    if (!(parameter.type() instanceof ParameterizedType parameterized)) {
      return String.class;
    }
    Type element = parameterized.getActualTypeArguments()[0];
    return element instanceof WildcardType wildcard ? wildcard.getUpperBounds()[0] : element;
  }

  /** Converts the rows of a batch. */
  static Object of(Row batch, Target.Parameter parameter) throws InvalidRowException {
    Type type = Objects.requireNonNull(elementType(parameter)); // a list, as was checked
    TextParser parser = TextConverter.parser(type);
    List<Object> values = new ArrayList<>();
    for (String text : batch.fields()) {
      try {
        values.add(parser.parse(text));
      } catch (ConversionException e) {
        String at = batch.line() == 0 ? text : "line " + (batch.line() + values.size());
        throw new InvalidRowException(at + ": " + e.getMessage());
      }
    }
    if (!parameter.raw().isArray()) {
      return values;
    }
    Object array = Array.newInstance(parameter.raw().getComponentType(), values.size());
    for (int i = 0; i < values.size(); i++) {
      Array.set(array, i, values.get(i));
    }
    return array;
  }
}
