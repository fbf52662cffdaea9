package dev.procpool.jvm;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The files and directories that a JVM itself opens because its options name them. */
public final class OptionFiles {

  /** What stands before several paths with separators between them. */
  private static final List<String> BEFORE_PATHS =
      List.of(
          "-Xbootclasspath/a:",
          "-XX:SharedArchiveFile=", // one on another
          "--module-path=",
          "--upgrade-module-path=",
          "--class-path=",
          "-Djava.library.path=");

  /** What stands before one path. */
  private static final List<String> BEFORE_PATH =
      List.of(
          "-XX:Flags=",
          "-XX:VMOptionsFile=",
          "-XX:AOTCache=",
          "-Djava.security.properties=",
          "-Djava.security.policy=",
          "-Djava.security.krb5.conf=",
          "-Djava.security.auth.login.config=",
          "-Djava.util.logging.config.file=",
          "-Djavax.net.ssl.trustStore=",
          "-Djavax.net.ssl.keyStore=",
          "@");

  /** After the path there are options of the agent's. */
  private static final List<String> BEFORE_AGENTS = List.of("-javaagent:", "-agentpath:");

  /** Some take a further {@code =}: the file is instead of the JDK's own, not beside it. */
  private static final String PROPERTY = "-Djava.security.p";

  private static final String PATCH = "--patch-module";

  /** Words that the path comes after as a word of its own. */
  private static final Set<String> WORDS =
      Set.of("-p", "--module-path", "--upgrade-module-path", "-cp", "-classpath", "--class-path");

  private OptionFiles() {}

  /**
   * Finds them.
   *
   * @param options of a JVM
   * @return what they name, which may be relative and need not be there
   */
  public static List<Path> of(List<String> options) {
    List<Path> found = new ArrayList<>();
    String last = "";
    for (String option : options) {
      if (WORDS.contains(last)) {
        addAll(option, found);
      } else if (last.equals(PATCH)) {
        addAll(after(option, '='), found);
      } else if (option.startsWith(PATCH + "=")) {
        addAll(after(option.substring(PATCH.length() + 1), '='), found);
      } else {
        addOf(option, found);
      }
      last = option;
    }
    return found;
  }

  private static void addOf(String option, List<Path> found) {
    for (String before : BEFORE_AGENTS) {
      if (option.startsWith(before)) {
        String path = option.substring(before.length());
        int end = path.indexOf('=');
        add(end < 0 ? path : path.substring(0, end), found);
      }
    }
    for (String before : BEFORE_PATHS) {
      if (option.startsWith(before)) {
        addAll(option.substring(before.length()), found);
      }
    }
    for (String before : BEFORE_PATH) {
      if (option.startsWith(before)) {
        String path = option.substring(before.length());
        boolean isInstead = before.startsWith(PROPERTY) && path.startsWith("=");
        add(isInstead ? path.substring(1) : path, found);
      }
    }
  }

  private static String after(String text, char mark) {
    return text.substring(text.indexOf(mark) + 1);
  }

  private static void addAll(String paths, List<Path> found) {
    for (String path : paths.split(File.pathSeparator, -1)) {
      add(path, found);
    }
  }

  private static void add(String path, List<Path> found) {
    if (!path.isEmpty()) {
      try {
        found.add(Path.of(path));
      } catch (InvalidPathException e) {
        // the JVM will say so
      }
    }
  }
}
