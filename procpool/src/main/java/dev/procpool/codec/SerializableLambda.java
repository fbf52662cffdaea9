package dev.procpool.codec;

import java.io.Serializable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How to write a lambda that is not serializable so that it is. */
final class SerializableLambda {

  private SerializableLambda() {}

  /** The advice, in the language of the lambda's class. */
  static String advice(Class<?> lambda) {
    SourceLanguage language = SourceLanguage.ofLambda(lambda);
    Class<?>[] interfaces = lambda.getInterfaces();
    Class<?> type = interfaces.length == 0 ? Runnable.class : interfaces[0];
    if (language == SourceLanguage.CLOJURE) {
      return "write "
          + reify(type)
          + " in its place, in a namespace that is compiled ahead of time";
    } else if (Serializable.class.isAssignableFrom(type)) {
      return "in the place of a method reference, write a lambda that calls the method";
    } else if (type.getName().startsWith("kotlin.")) {
      return "write @JvmSerializableLambda before its brace";
    }
    String name = type.getSimpleName();
    boolean canChange = SourceLanguage.of(type) == language;
    return switch (language) {
      case KOTLIN ->
          canChange
              ? "let the interface be Serializable: fun interface "
                  + name
                  + " : java.io.Serializable"
              : ownType(type, "fun interface %s<> : %s<>, java.io.Serializable");
      case SCALA ->
          canChange
              ? "let the trait be Serializable: trait " + name + " extends Serializable"
              : "let it be a Scala function, or "
                  + ownType(type, "trait %s[] extends %s[] with Serializable");
      case GROOVY ->
          // Groovy's own interfaces bear no mark
          type.getClassLoader() == lambda.getClassLoader()
              ? "let the interface be Serializable: interface " + name + " extends Serializable"
              : ownType(type, "interface %s<> extends %s<>, Serializable");
      case JAVA, CLOJURE ->
          "give it a type that extends java.io.Serializable, as Task1 does, or cast it: ("
              + name
              + " & java.io.Serializable)";
    };
  }

  /** With a name of its own, that of the type, and the type's parameters in the brackets. */
  private static String ownType(Class<?> type, String form) {
    String parameters =
        Arrays.stream(type.getTypeParameters())
            .map(Object::toString)
            .collect(Collectors.joining(", "));
    String text = form.formatted("Serializable" + type.getSimpleName(), type.getCanonicalName());
    return "give it a type of your own, "
        + (parameters.isEmpty()
            ? text.replace("<>", "").replace("[]", "")
            : text.replace("<>", "<" + parameters + ">").replace("[]", "[" + parameters + "]"));
  }

  private static String reify(Class<?> type) {
    boolean isSerializable = Serializable.class.isAssignableFrom(type);
    String methods =
        Arrays.stream(type.getMethods())
            .filter(method -> Modifier.isAbstract(method.getModifiers()))
            .filter(method -> !method.getName().equals("equals")) // as comparators have
            .map(SerializableLambda::reify)
            .collect(Collectors.joining(" "));
    return "(reify "
        + type.getName()
        + (isSerializable ? " " : " java.io.Serializable ")
        + methods
        + ")";
  }

  private static String reify(Method method) {
    StringBuilder parameters = new StringBuilder("_");
    for (int i = 0; i < method.getParameterCount(); i++) {
      parameters.append(' ').append("xyzabcdefghi".charAt(i % 12));
    }
    return "(" + method.getName() + " [" + parameters + "] ...)";
  }
}
