package dev.procpool.testkit.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Makes objects of classes that exist in this process alone, as a task does that generates code:
 * copies of {@link ForeignFailure} and {@link ForeignResult} under names of the same length.
 */
final class Foreign extends ClassLoader {

  private static final String REAL = "Foreign";
  private static final String UNKNOWN = "Unknown";

  private Foreign() {
    super(Foreign.class.getClassLoader());
  }

  /** The name under which the copy of a class exists. */
  static String nameOf(Class<?> pattern) {
    return pattern.getName().replace(REAL, UNKNOWN);
  }

  /** Makes an object of the copy of a class. */
  static Object make(Class<?> pattern, String text)
      throws IOException, ReflectiveOperationException {
    byte[] code;
    try (InputStream in = pattern.getResourceAsStream(pattern.getSimpleName() + ".class")) {
      code = in.readAllBytes();
    }
    // one byte is one char here, and both names are of the same length: the file stays valid
    String renamed = new String(code, StandardCharsets.ISO_8859_1).replace(REAL, UNKNOWN);
    byte[] copy = renamed.getBytes(StandardCharsets.ISO_8859_1);
    return new Foreign()
        .defineClass(nameOf(pattern), copy, 0, copy.length)
        .getConstructor(String.class)
        .newInstance(text);
  }
}
