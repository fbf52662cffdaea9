package dev.procpool.cli;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Shows methods in messages. Stateless. */
final class Signature {

  private Signature() {}

  /**
   * As declared: {@code Price.price(int qty, double rate)}; without names if they are not known.
   */
  static String of(Method method) {
    return Arrays.stream(method.getParameters())
        .map(
            p ->
                TextConverter.name(p.getParameterizedType())
                    + (p.isNamePresent() ? " " + p.getName() : ""))
        .collect(
            Collectors.joining(
                ", ",
                method.getDeclaringClass().getSimpleName() + "." + method.getName() + "(",
                ")"));
  }

  /** As it is written in a TARGET: {@code price(int,double)}. */
  static String chosen(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(Collectors.joining(",", method.getName() + "(", ")"));
  }
}
