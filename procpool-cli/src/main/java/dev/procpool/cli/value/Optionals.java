package dev.procpool.cli.value;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A parameter's type that says itself that there may be no value. Immutable.
 *
 * @param raw {@code Optional} or one of its like
 * @param elementType what is in it
 */
record Optionals(Class<?> raw, Type elementType) {

  /** Gives it for a type; null if that is no such type. */
  static @Nullable Optionals of(Type type) {
    if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
      return new Optionals(Optional.class, generic.getActualTypeArguments()[0]);
    } else if (type == Optional.class) {
      return new Optionals(Optional.class, Object.class);
    } else if (type == OptionalInt.class) {
      return new Optionals(OptionalInt.class, int.class);
    } else if (type == OptionalLong.class) {
      return new Optionals(OptionalLong.class, long.class);
    }
    return type == OptionalDouble.class ? new Optionals(OptionalDouble.class, double.class) : null;
  }

  /** Gives the one without a value. */
  Object empty() {
    if (raw == OptionalInt.class) {
      return OptionalInt.empty();
    } else if (raw == OptionalLong.class) {
      return OptionalLong.empty();
    }
    return raw == OptionalDouble.class ? OptionalDouble.empty() : Optional.empty();
  }

  /** Gives the one with a value, which is of the element's type. */
  Object of(@Nullable Object value) {
    if (value instanceof Integer number && raw == OptionalInt.class) {
      return OptionalInt.of(number);
    } else if (value instanceof Long number && raw == OptionalLong.class) {
      return OptionalLong.of(number);
    } else if (value instanceof Double number && raw == OptionalDouble.class) {
      return OptionalDouble.of(number);
    }
    return Optional.ofNullable(value);
  }
}
