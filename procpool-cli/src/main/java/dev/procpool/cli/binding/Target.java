package dev.procpool.cli.binding;

import dev.procpool.cli.value.TextConverter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is called for each row: a method, and whether the row says on what. Immutable.
 *
 * @param method the method
 * @param owner the class that was named; the method may be inherited
 * @param unbound whether the first value is what the method is called on, as Java means {@code
 *     String::strip}
 */
public record Target(Method method, Class<?> owner, boolean unbound) {

  /**
   * A value that a call needs.
   *
   * @param name the parameter's name; null if it is not known
   * @param type its whole type
   * @param raw its type without type arguments
   */
  public record Parameter(@Nullable String name, Type type, Class<?> raw) {}

  /** Gives what a call needs, what it is called on first. */
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    if (unbound) {
      parameters.add(new Parameter("this", owner, owner));
    }
    for (var parameter : method.getParameters()) {
      parameters.add(
          new Parameter(
              parameter.isNamePresent() ? parameter.getName() : null,
              parameter.getParameterizedType(),
              parameter.getType()));
    }
    return parameters;
  }

  /** Gives the first of what a call needs. */
  public Parameter first() {
    return parameters().get(0);
  }

  /** Gives the number of values that a call needs. */
  public int arity() {
    return method.getParameterCount() + (unbound ? 1 : 0);
  }

  /** Tells whether an object of the owner is made, once a worker, to call the method on. */
  public boolean needsObject() {
    return !unbound && !Modifier.isStatic(method.getModifiers());
  }

  /**
   * As declared: {@code Price.price(int qty, double rate)}, {@code String.strip(String this)};
   * without names if they are not known.
   */
  public String signature() {
    return parameters().stream()
        .map(p -> TextConverter.name(p.type()) + (p.name() == null ? "" : " " + p.name()))
        .collect(
            Collectors.joining(", ", owner.getSimpleName() + "." + method.getName() + "(", ")"));
  }

  /** As it is written in a TARGET: {@code price(int,double)}. */
  public String chosen() {
    return Arrays.stream(method.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(Collectors.joining(",", method.getName() + "(", ")"));
  }
}
