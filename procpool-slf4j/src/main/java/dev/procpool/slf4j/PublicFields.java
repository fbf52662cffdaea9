package dev.procpool.slf4j;

import java.lang.reflect.Field;

/** Tells versions of a library apart by the constants that they have. */
final class PublicFields {

  private PublicFields() {}

  static boolean has(Class<?> type, String name) {
    for (Field field : type.getFields()) {
      if (field.getName().equals(name)) {
        return true;
      }
    }
    return false;
  }
}
