package dev.procpool.jvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The version of the Java in a directory. */
public final class JavaVersion {

  private static final String LINE = "JAVA_VERSION=\"";

  private JavaVersion() {}

  /** The feature number: 17, 21. That of this JVM if the directory does not tell. */
  public static int of(Path javaHome) {
    int own = Runtime.version().feature();
    if (javaHome.toString().equals(System.getProperty("java.home"))) {
      return own;
    }
    try {
      String text = Files.readString(javaHome.resolve("release"), StandardCharsets.ISO_8859_1);
      int from = text.indexOf(LINE);
      int end = text.indexOf('"', from + LINE.length());
      return from < 0 || end < 0
          ? own
          : Runtime.Version.parse(text.substring(from + LINE.length(), end)).feature();
    } catch (IOException | IllegalArgumentException e) {
      return own;
    }
  }
}
