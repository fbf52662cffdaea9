package dev.procpool.codec;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** What Kotlin's compiler says of a class. */
final class KotlinClass {

  /** What {@code kotlin.Metadata} calls a class that nobody wrote, such as that of a lambda. */
  private static final int SYNTHETIC = 3;

  private KotlinClass() {}

  static boolean isKotlin(Class<?> type) {
    return kind(type) != 0;
  }

  /** Tells whether a class was made of a lambda. */
  static boolean isLambda(Class<?> type) {
    return kind(type) == SYNTHETIC;
  }

  /** The kind that the annotation says; 0 if there is none. */
  private static int kind(Class<?> type) {
    for (Annotation mark : type.getAnnotations()) {
      if (mark.annotationType().getName().equals("kotlin.Metadata")) {
        try {
          return (int) mark.annotationType().getMethod("k").invoke(mark);
        } catch (ReflectiveOperationException e) {
          return 1; // a class
        }
      }
    }
    return 0;
  }

  /** How the source calls an {@code object}, or by what a companion is called; null for others. */
  static @Nullable String objectName(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    if (holds(type, "INSTANCE", type)) {
      return type.getSimpleName();
    }
    return outer != null && holds(outer, type.getSimpleName(), type) ? outer.getSimpleName() : null;
  }

  private static boolean holds(Class<?> owner, String name, Class<?> type) {
    for (Field field : owner.getDeclaredFields()) {
      if (field.getName().equals(name)
          && field.getType() == type
          && Modifier.isStatic(field.getModifiers())) {
        return true;
      }
    }
    return false;
  }
}
