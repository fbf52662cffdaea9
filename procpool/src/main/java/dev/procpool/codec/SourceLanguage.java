package dev.procpool.codec;

import java.lang.annotation.Annotation;
import org.jspecify.annotations.Nullable;

/** The language that a class was written in, and how advice is put in its words. */
enum SourceLanguage {
  JAVA("make it Serializable", "make its field transient", "make the method static"),
  KOTLIN(
      "let it implement java.io.Serializable",
      "mark its property @Transient",
      "move the function to the top level"),
  SCALA("let it extend Serializable", "mark its field @transient", "move the method to an object"),
  GROOVY("let it implement Serializable", "make its field transient", "make the method static"),
  CLOJURE("let it implement java.io.Serializable", null, null);

  /** What to do about the object that holds all that a script of Kotlin declares. */
  static final String OF_KOTLIN_SCRIPT =
      "what a script declares is part of it: copy a val into a local one, within a function or"
          + " run { ... }, and move a function to an object";

  static final String COPY = "copy what is needed of it into a local val and use that";

  private final String serializable;
  private final @Nullable String transientField;
  private final @Nullable String withoutObject;

  SourceLanguage(
      String serializable, @Nullable String transientField, @Nullable String withoutObject) {
    this.serializable = serializable;
    this.transientField = transientField;
    this.withoutObject = withoutObject;
  }

  /** Finds it by what compilers leave in class files; Java if they leave nothing. */
  static SourceLanguage of(Class<?> type) {
    if (Advice.isOfJdk(type)) {
      return JAVA;
    } else if (Advice.isA(type, "groovy.lang.GroovyObject")) {
      return GROOVY;
    } else if (Advice.isA(type, "clojure.lang.IFn")
        || Advice.isA(type, "clojure.lang.IObj")
        || Advice.isA(type, "clojure.lang.IType")) {
      return CLOJURE;
    } else if (KotlinClass.isKotlin(type)) {
      return KOTLIN;
    }
    return isScala(type) ? SCALA : JAVA;
  }

  /** Of all classes in a file, Scala marks those that are in no other. */
  private static boolean isScala(Class<?> type) {
    String name = type.getName();
    int end = name.indexOf('$', name.lastIndexOf('.') + 2);
    String outermost = end < 0 ? name : name.substring(0, end);
    ClassLoader loader = type.getClassLoader();
    if (loader == null) {
      return false;
    } else if (name.startsWith("rs$line$")) { // typed at Scala 3's prompt
      return true;
    } else if (loader.getResource(outermost.replace('.', '/') + ".tasty") != null) {
      return true; // Scala 3
    }
    try {
      for (Annotation mark : Class.forName(outermost, false, loader).getAnnotations()) {
        if (mark.annotationType().getName().startsWith("scala.reflect.Scala")) {
          return true;
        }
      }
    } catch (ClassNotFoundException | LinkageError e) {
      // it was not made of a file
    }
    return false;
  }

  static boolean isKotlinScript(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      if (c.getName().startsWith("kotlin.script.") || c.getName().endsWith(".MainKtsScript")) {
        return true;
      }
    }
    return false;
  }

  /** The language of a lambda's class, which is that of the class it stands in. */
  static SourceLanguage ofLambda(Class<?> lambda) {
    return of(lambda.getNestHost());
  }

  /** How to have a class serialized. */
  String serializable() {
    return serializable;
  }

  /** How to leave a field out; null if that can't be said. */
  @Nullable String transientField() {
    return transientField;
  }

  /** How to do without the object that a method belongs to; null if that can't be said. */
  @Nullable String withoutObject() {
    return withoutObject;
  }

  /** What to do about a lambda that uses the object it stands in. */
  String withoutThis(@Nullable String use) {
    return switch (this) {
      case KOTLIN, SCALA -> COPY + ", or " + withoutObject;
      case GROOVY ->
          "copy what is needed of it into a local variable and use that, and call static methods by"
              + " their class, as in Prices.of(x)";
      case JAVA, CLOJURE ->
          use == null || use.contains("field")
              ? "copy the field into a local variable and use that"
              : "make the method static";
    };
  }

  /** What to do about an object that holds the one around it. */
  String withoutOuter(Class<?> inner) {
    boolean isAnonymous = inner.isAnonymousClass() || inner.getName().contains("$$anon$");
    String what =
        (isAnonymous ? "an anonymous" : "an inner") + " class holds the object around it: ";
    return switch (this) {
      case KOTLIN ->
          isAnonymous
              ? "an object expression that uses the object around it takes it along: " + COPY
              : what + "leave out the word inner, or make it a class of its own";
      case SCALA ->
          isAnonymous
              ? "an anonymous class that uses the object around it takes it along: " + COPY
              : what + "move it to an object, or make it a class of its own";
      case GROOVY -> what + "make it a static class, or a class of its own";
      case JAVA, CLOJURE ->
          what
              + (isAnonymous
                  ? "write a lambda, or a static class"
                  : "make it static or a class of its own");
    };
  }
}
