package dev.procpool.codec;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How messages call the fields of classes that compilers make of lambdas, closures and references:
 * as the source has what is in them.
 */
final class CompiledFields {

  /** How the text begins for the object that a closure stands in. */
  static final String THIS = "'this' of ";

  /** How it ends for the object of a method reference of Groovy. */
  static final String OF_GROOVY = "the method reference is bound to";

  /** {@code acme.Orders$_prices_closure1}: where it stands, and what it is. */
  private static final Pattern GROOVY = Pattern.compile("(.+)\\$_(.+)_(closure|lambda)\\d+");

  private static final Pattern GROOVY_WITHIN = Pattern.compile("(\\$_(closure|lambda)\\d+)+$");

  private CompiledFields() {}

  /**
   * The segment of a path; empty where nobody wrote what holds the value; null for a plain field.
   */
  static @Nullable String segment(Object owner, Field field) throws IllegalAccessException {
    Class<?> type = owner.getClass();
    String name = field.getName();
    String declaring = field.getDeclaringClass().getName();
    switch (declaring) {
      case "org.codehaus.groovy.runtime.ConversionHandler", "groovy.lang.Reference" -> {
        return "";
      }
      case "groovy.lang.Closure" -> {
        return type.getName().endsWith(".MethodClosure")
            ? LambdaText.BOUND + OF_GROOVY
            : THIS + groovy(type.getName());
      }
      case "kotlin.jvm.internal.CallableReference",
          "kotlin.jvm.internal.AdaptedFunctionReference" -> {
        return LambdaText.BOUND
            + "the callable reference ::"
            + referred(owner, field.getDeclaringClass())
            + " is bound to";
      }
      default -> {
        return isClosure(type)
            ? "captured variable '" + name + "' of " + groovy(type.getName())
            : type.getName().indexOf('$') > 0 && KotlinClass.isLambda(type)
                ? kotlin(type, name)
                : null;
      }
    }
  }

  /** Quickly, as it is asked of each field on the way. */
  private static boolean isClosure(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      if (c.getName().equals("groovy.lang.Closure")) {
        return true;
      }
    }
    return false;
  }

  /** Names a closure or lambda of Groovy by its class. */
  static String groovy(String type) {
    String name = GROOVY_WITHIN.matcher(type).replaceFirst("");
    Matcher matcher = GROOVY.matcher(name);
    return matcher.matches()
        ? "the " + matcher.group(3) + " in " + matcher.group(1) + "." + matcher.group(2)
        : "the closure " + type;
  }

  private static String referred(Object reference, Class<?> declaring)
      throws IllegalAccessException {
    try {
      Field name = declaring.getDeclaredField("name");
      return name.trySetAccessible() ? String.valueOf(name.get(reference)) : "";
    } catch (NoSuchFieldException e) {
      return "";
    }
  }

  /** Of a lambda that is a class: "$rate" is a variable, "this$0" the object around it. */
  private static @Nullable String kotlin(Class<?> type, String field) {
    if (type.getName().contains("$sam$") || field.startsWith("$tmp")) {
      return ""; // between a function and the pool's interface
    }
    Class<?> outermost = type;
    for (Class<?> c = type.getEnclosingClass(); c != null && KotlinClass.isLambda(c); ) {
      outermost = c;
      c = c.getEnclosingClass();
    }
    Class<?> around = outermost.getEnclosingClass();
    if (around == null) {
      return null;
    }
    Method method = outermost.getEnclosingMethod();
    String where =
        "the lambda in " + around.getName() + (method == null ? "" : "." + method.getName());
    return field.equals("this$0")
        ? THIS + where
        : field.startsWith("$")
            ? "captured variable '" + field.substring(1) + "' of " + where
            : null;
  }
}
