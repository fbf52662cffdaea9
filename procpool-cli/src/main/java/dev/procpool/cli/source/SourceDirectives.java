package dev.procpool.cli.source;

import dev.procpool.cli.message.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a source file says about itself in comments, as JBang reads them: {@code //DEPS
 * org.jsoup:jsoup:1.17.2}, {@code //JAVA_OPTIONS -Xmx2g}. Immutable.
 *
 * @param dependencies coordinates of Maven
 * @param repositories URLs, or names and URLs as {@code name=url}
 * @param jvmOptions options for the JVMs that run it
 * @param compilerOptions options for javac
 * @param sources patterns of other source files that belong to it, relative to it
 * @param packageName the package that it declares; empty for none
 */
record SourceDirectives(
    List<String> dependencies,
    List<String> repositories,
    List<String> jvmOptions,
    List<String> compilerOptions,
    List<String> sources,
    String packageName) {

  private static final Pattern DIRECTIVE =
      Pattern.compile("(?m)^//(?<name>[A-Z_]+)(?<value>[ \\t].*)?$");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|[^\\s\"']+");
  private static final Pattern PACKAGE =
      Pattern.compile("(?m)^\\s*package\\s+(?<name>[\\w.]+)\\s*;");
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/");

  SourceDirectives {
    dependencies = List.copyOf(dependencies);
    repositories = List.copyOf(repositories);
    jvmOptions = List.copyOf(jvmOptions);
    compilerOptions = List.copyOf(compilerOptions);
    sources = List.copyOf(sources);
  }

  /** Reads them, refusing what this program can't do. */
  static SourceDirectives read(Path source) {
    String text;
    try {
      text = Files.readString(source, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UsageException("TARGET: " + source + " can't be read: " + e, e);
    }
    List<String> dependencies = new ArrayList<>();
    List<String> repositories = new ArrayList<>();
    List<String> jvmOptions = new ArrayList<>();
    List<String> compilerOptions = new ArrayList<>();
    List<String> sources = new ArrayList<>();
    Matcher line = DIRECTIVE.matcher(text);
    while (line.find()) {
      String value = line.group("value") == null ? "" : line.group("value");
      switch (line.group("name")) {
        case "DEPS" -> dependencies.addAll(list(value));
        case "REPOS" -> repositories.addAll(list(value));
        case "SOURCES" -> sources.addAll(list(value));
        case "JAVA_OPTIONS", "RUNTIME_OPTIONS" -> jvmOptions.addAll(words(value));
        case "JAVAC_OPTIONS", "COMPILE_OPTIONS" -> compilerOptions.addAll(words(value));
        case "JAVA" -> checkJava(source, value.strip());
        case "PREVIEW" -> checkPreview(source);
        default -> {
          // a comment, or what means nothing for a method
        }
      }
    }
    Matcher name = PACKAGE.matcher(COMMENT.matcher(text).replaceAll(""));
    return new SourceDirectives(
        dependencies,
        repositories,
        jvmOptions,
        compilerOptions,
        sources,
        name.find() ? name.group("name") : "");
  }

  /** Words between commas, semicolons or spaces, up to a comment. */
  private static List<String> list(String value) {
    List<String> words = new ArrayList<>();
    for (String word : value.replaceFirst("\\s//.*", "").split("[\\s,;]+", -1)) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }

  /** Words between spaces; quotes hold one together. */
  private static List<String> words(String value) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(value);
    int end = -1;
    while (word.find()) {
      String text =
          word.group(1) != null
              ? word.group(1)
              : word.group(2) != null ? word.group(2) : word.group();
      if (word.start() == end) { // as in -Dname="some value"
        words.set(words.size() - 1, words.get(words.size() - 1) + text);
      } else {
        words.add(text);
      }
      end = word.end();
    }
    return words;
  }

  private static void checkJava(Path source, String version) {
    Matcher number = Pattern.compile("(?:1\\.)?(\\d+)\\+?").matcher(version);
    int own = Runtime.version().feature();
    if (number.matches() && Integer.parseInt(number.group(1)) > own) {
      throw new UsageException(
          "TARGET: "
              + source
              + " needs Java "
              + version
              + ", and this is Java "
              + own
              + ": set JAVA_HOME to a later one");
    }
  }

  private static void checkPreview(Path source) {
    String given = System.getenv("JDK_JAVA_OPTIONS");
    if (given == null || !given.contains("--enable-preview")) {
      throw new UsageException(
          "TARGET: " + source + " needs preview features: set JDK_JAVA_OPTIONS=--enable-preview");
    }
  }
}
