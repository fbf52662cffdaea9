package dev.procpool.cli.target;

import dev.procpool.cli.binding.Target;
import dev.procpool.cli.files.ClassPath;
import dev.procpool.cli.message.NearNames;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.value.TextConverter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the method that a TARGET means, or says what there is instead. Used by one thread. */
public final class TargetResolver {

  private static final int MOST_LISTED = 12;

  private final ClassLoader loader;
  private final ClassPath classPath;
  private final Collection<String> compiled;

  /**
   * Makes a resolver.
   *
   * @param loader sees the class path and what was compiled
   * @param classPath the user's class path
   * @param compiled the classes made of the TARGET's source file, if it is one
   */
  public TargetResolver(ClassLoader loader, ClassPath classPath, Collection<String> compiled) {
    this.loader = loader;
    this.classPath = classPath;
    this.compiled = compiled;
  }

  /** Finds the methods that it may mean, at least one. */
  public Overloads resolve(TargetSpec spec) {
    Class<?> owner = spec.isSource() ? compiledClass(spec) : namedClass(spec.owner());
    List<Method> named =
        methods(owner).stream().filter(m -> m.getName().equals(spec.method())).toList();
    if (named.isEmpty()) {
      throw new UsageException(noSuchMethod(owner, spec.method()));
    }
    if (spec.parameterTypes().isPresent()) {
      named = List.of(ofTypes(spec, owner, named, spec.parameterTypes().get()));
    }
    List<Target> targets =
        named.stream().flatMap(method -> targets(method, owner).stream()).toList();
    if (targets.isEmpty()) {
      throw new UsageException(
          new Target(named.get(0), owner, false).signature()
              + " is not static, and "
              + owner.getSimpleName()
              + whyNotMade(owner)
              + ": make the method static");
    }
    return new Overloads(spec, targets);
  }

  /** Gives the ways to call a method: on nothing, on an object made for it, on a row's value. */
  private static List<Target> targets(Method method, Class<?> owner) {
    if (Modifier.isStatic(method.getModifiers())) {
      return List.of(new Target(method, owner, false));
    }
    List<Target> targets = new ArrayList<>();
    boolean made = canMake(owner) && method.getParameterCount() > 0;
    if (made && !TextConverter.isTextual(owner)) {
      targets.add(new Target(method, owner, false));
    }
    boolean ofJdk = owner.getClassLoader() == null;
    boolean value = TextConverter.isTextual(owner) || owner.isRecord() || ofJdk;
    if (value || canMake(owner) && !made) {
      targets.add(new Target(method, owner, true));
    }
    return targets;
  }

  private static Method ofTypes(
      TargetSpec spec, Class<?> owner, List<Method> named, List<String> wanted) {
    return named.stream()
        .filter(method -> matches(method, wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    owner.getName()
                        + " has no "
                        + spec.method()
                        + "("
                        + String.join(",", wanted)
                        + "); it has "
                        + Overloads.list(
                            named.stream().map(m -> new Target(m, owner, false)).toList())));
  }

  private static boolean matches(Method method, List<String> wanted) {
    Class<?>[] types = method.getParameterTypes();
    if (types.length != wanted.size()) {
      return false;
    }
    for (int i = 0; i < types.length; i++) {
      String name = wanted.get(i);
      if (!name.equals(types[i].getSimpleName()) && !name.equals(types[i].getCanonicalName())) {
        return false;
      }
    }
    return true;
  }

  /** The class's own methods that are not private, and the public ones that it inherits. */
  private static List<Method> methods(Class<?> owner) {
    List<Method> methods = new ArrayList<>();
    try {
      for (Method method : owner.getDeclaredMethods()) {
        if (!Modifier.isPrivate(method.getModifiers()) && !method.isSynthetic()) {
          methods.add(method);
        }
      }
      for (Method method : owner.getMethods()) {
        if (method.getDeclaringClass() != owner
            && method.getDeclaringClass() != Object.class
            && !method.isSynthetic()
            && methods.stream().noneMatch(m -> isSame(m, method))) {
          methods.add(method);
        }
      }
    } catch (LinkageError e) {
      throw new UsageException(
          "TARGET: "
              + owner.getName()
              + " can't be linked, a class that it needs is not on --classpath: "
              + e.getMessage(),
          e);
    }
    methods.removeIf(method -> !method.trySetAccessible());
    return methods;
  }

  private static boolean isSame(Method a, Method b) {
    return a.getName().equals(b.getName())
        && Arrays.equals(a.getParameterTypes(), b.getParameterTypes());
  }

  private static String noSuchMethod(Class<?> owner, String name) {
    List<Method> all = methods(owner);
    for (Method method : owner.getDeclaredMethods()) {
      if (method.getName().equals(name)) { // but not among those that can be called
        return owner.getName()
            + "::"
            + name
            + (Modifier.isPrivate(method.getModifiers())
                ? " is private: only a method that is not can be called"
                : " can't be called from outside its module");
      }
    }
    List<String> near = NearNames.of(name, all.stream().map(Method::getName).toList());
    String message = owner.getName() + " has no method '" + name + "'";
    if (!near.isEmpty()) {
      return message + "; did you mean " + String.join(", ", near) + "?";
    }
    List<String> statics =
        all.stream()
            .filter(m -> Modifier.isStatic(m.getModifiers()))
            .map(m -> new Target(m, owner, false).chosen())
            .distinct()
            .sorted()
            .toList();
    return statics.isEmpty()
        ? message + ", and no static method at all"
        : message
            + "; it has "
            + statics.stream().limit(MOST_LISTED).collect(Collectors.joining(", "))
            + (statics.size() > MOST_LISTED ? ", ..." : "");
  }

  private static String whyNotMade(Class<?> owner) {
    if (Modifier.isAbstract(owner.getModifiers())) {
      return " is abstract, so there is no object to call it on";
    } else if (owner.isMemberClass() && !Modifier.isStatic(owner.getModifiers())) {
      return " is an inner class, which only an object around it can make";
    }
    boolean isPrivate =
        Arrays.stream(owner.getDeclaredConstructors()).anyMatch(c -> c.getParameterCount() == 0);
    return isPrivate ? " has a private constructor" : " has no constructor without parameters";
  }

  private static boolean canMake(Class<?> owner) {
    return !Modifier.isAbstract(owner.getModifiers())
        && Arrays.stream(owner.getDeclaredConstructors())
            .anyMatch(c -> c.getParameterCount() == 0 && !Modifier.isPrivate(c.getModifiers()));
  }

  private Class<?> compiledClass(TargetSpec spec) {
    String file = Path.of(spec.owner()).getFileName().toString();
    String simple = file.substring(0, file.length() - ".java".length());
    List<Class<?>> classes =
        compiled.stream()
            .map(this::load)
            .flatMap(Optional::stream)
            .sorted(
                Comparator.<Class<?>, Boolean>comparing(c -> !c.getSimpleName().equals(simple))
                    .thenComparing(c -> c.getName().contains("$")))
            .collect(Collectors.toList());
    if (classes.isEmpty()) {
      throw new UsageException("TARGET: " + spec.owner() + " holds no class");
    }
    Class<?> first =
        classes.stream()
            .filter(c -> methods(c).stream().anyMatch(m -> m.getName().equals(spec.method())))
            .findFirst()
            .orElse(classes.get(0));
    if (!first.getSimpleName().equals(simple)) {
      refuseSeveral(spec, classes, simple);
    }
    return first;
  }

  /** Refuses to choose among classes of a file, unless they have it of each other. */
  private static void refuseSeveral(TargetSpec spec, List<Class<?>> classes, String simple) {
    List<Class<?>> declaring =
        classes.stream()
            .filter(c -> !c.isAnonymousClass() && !c.isLocalClass())
            .filter(
                c ->
                    methods(c).stream()
                        .filter(m -> m.getDeclaringClass().equals(c))
                        .anyMatch(m -> m.getName().equals(spec.method())))
            .toList();
    if (declaring.stream().filter(c -> !c.isMemberClass()).count() == 1) {
      return; // it comes before those within others
    }
    if (declaring.size() > 1
        && declaring.stream().noneMatch(c -> declaring.stream().allMatch(c::isAssignableFrom))) {
      throw new UsageException(
          "TARGET: several classes of "
              + spec.owner()
              + " have a method '"
              + spec.method()
              + "': "
              + declaring.stream().map(Class::getSimpleName).collect(Collectors.joining(", "))
              + "; have the one that is meant in a class "
              + simple);
    }
  }

  private Class<?> namedClass(String name) {
    String candidate = name;
    while (true) {
      Optional<Class<?>> found = load(candidate);
      if (found.isPresent()) {
        return found.get();
      }
      int dot = candidate.lastIndexOf('.');
      if (dot < 0) {
        break;
      }
      candidate = candidate.substring(0, dot) + "$" + candidate.substring(dot + 1); // nested
    }
    Optional<Class<?>> basic = load("java.lang." + name);
    if (basic.isPresent()) {
      return basic.get();
    }
    throw new UsageException(noSuchClass(name));
  }

  private String noSuchClass(String name) {
    String message = "there is no class '" + name + "'";
    if (classPath.entries().isEmpty()) {
      return message + "; say where it is with --classpath";
    }
    String simple = name.substring(name.lastIndexOf('.') + 1);
    Collection<String> known = classPath.classNames();
    List<String> near =
        known.stream()
            .filter(n -> n.substring(n.lastIndexOf('.') + 1).equalsIgnoreCase(simple))
            .limit(5)
            .toList();
    if (near.isEmpty()) {
      near = NearNames.of(name, known);
    }
    return near.isEmpty()
        ? message + " on --classpath (which holds " + known.size() + " classes)"
        : message + " on --classpath; did you mean " + String.join(", ", near) + "?";
  }

  private Optional<Class<?>> load(String name) {
    try {
      return Optional.of(Class.forName(name, false, loader));
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      return Optional.empty(); // the latter: a name in the wrong case on some file systems
    } catch (LinkageError e) {
      throw new UsageException("TARGET: " + name + " can't be loaded: " + e.getMessage(), e);
    }
  }
}
