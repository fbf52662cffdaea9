package dev.procpool.cli.task;

import dev.procpool.cli.binding.Target;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.target.TargetResolver;
import dev.procpool.cli.target.TargetSpec;
import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/**
 * What each worker calls before its first item: {@code --init}. Immutable.
 *
 * @param owner the class that declares it
 * @param name the method's name
 */
public record InitMethod(String owner, String name) implements Serializable {

  /** Finds the method that an option names; refuses what is none. */
  public static InitMethod find(String option, TargetSpec target, TargetResolver resolver) {
    TargetSpec spec = TargetSpec.parse(option);
    if (spec.isSource() && !spec.owner().equals(target.owner())) {
      throw new UsageException(
          "--init "
              + option
              + ": one source file is compiled, that of TARGET; have the method there, or name a"
              + " class on --classpath");
    }
    return resolver.resolve(spec).targets().stream()
        .map(Target::method)
        .filter(method -> Modifier.isStatic(method.getModifiers()))
        .filter(method -> method.getParameterCount() == 0)
        .findFirst()
        .map(method -> new InitMethod(method.getDeclaringClass().getName(), method.getName()))
        .orElseThrow(
            () ->
                new UsageException(
                    "--init "
                        + option
                        + ": a static method without parameters is wanted, and this is "
                        + resolver.resolve(spec).targets().get(0).signature()));
  }

  /** Calls it. */
  void run() throws ReflectiveOperationException {
    ClassLoader loader = TargetLoader.of(owner);
    Class<?> type;
    try {
      type = Class.forName(owner, true, loader);
    } catch (Error e) { // a static initializer may throw any
      throw TargetFailedException.initialization(owner, e);
    }
    Method method = type.getDeclaredMethod(name);
    method.trySetAccessible();
    try {
      method.invoke(null);
    } catch (InvocationTargetException e) {
      throw TargetFailedException.init(owner + "::" + name, e.getTargetException());
    }
  }
}
