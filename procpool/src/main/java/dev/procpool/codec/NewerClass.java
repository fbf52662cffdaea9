package dev.procpool.codec;

import dev.procpool.guard.SafeText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A class file of a newer Java than this process runs on: what is said of it. Without state. */
final class NewerClass {

  /** As the JVM says it: of 17 and of 25. */
  private static final Pattern TOLD =
      Pattern.compile(
          "(\\S+) has been compiled by a more recent .*\\(class file version (\\d{1,4})\\..*");

  /** Java 1.1 has the version 45. */
  private static final int BEFORE_JAVA_1 = 44;

  private NewerClass() {}

  static String describe(UnsupportedClassVersionError error) {
    String message = String.valueOf(SafeText.message(error));
    Matcher told = TOLD.matcher(message);
    if (!told.matches()) { // preview features, say
      return message;
    }
    int own = Runtime.version().feature();
    int wanted = Integer.parseInt(told.group(2)) - BEFORE_JAVA_1;
    return "class "
        + told.group(1).replace('/', '.')
        + " is compiled for Java "
        + wanted
        + ", and this process runs on Java "
        + own
        + " ("
        + System.getProperty("java.home")
        + "): compile it with --release "
        + own
        + ", or have workers run on Java "
        + wanted
        + " (javaHome(...) of the pool's builder; on a cluster the Java of its executors)";
  }
}
