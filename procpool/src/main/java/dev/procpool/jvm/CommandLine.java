package dev.procpool.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@code java} command that is options, as the launcher understands it: argument
 * files are read, an option and its value in two words become one ({@code --add-opens=…}), and what
 * tells the launcher what to run is left out.
 */
public final class CommandLine {

  private static final Set<String> MODULE_OPTIONS =
      Set.of(
          "--add-exports",
          "--add-modules",
          "--add-opens",
          "--add-reads",
          "--enable-final-field-mutation",
          "--enable-native-access",
          "--limit-modules",
          "--patch-module",
          "--upgrade-module-path");

  /** Each followed by a word that is no option of the JVM's. */
  private static final Set<String> LAUNCHER_OPTIONS =
      Set.of("-cp", "-classpath", "--class-path", "-p", "--module-path", "--source");

  private static final Set<String> MAIN_MODULE = Set.of("-m", "--module");

  private final List<String> options = new ArrayList<>();
  private @Nullable String mainJar;

  /** Waits for its value. */
  private @Nullable String open;

  private boolean readsFiles = true;
  private boolean isComplete;

  private CommandLine() {}

  /**
   * Reads the words after the program's name.
   *
   * @return null if they name an argument file that can't be read again
   */
  static @Nullable CommandLine of(List<String> words) {
    CommandLine line = new CommandLine();
    for (String word : words) {
      if (!line.takeOrExpand(word)) {
        return null;
      }
    }
    return line;
  }

  /**
   * Joins options and values that come in two words.
   *
   * @param words options, as in a command
   * @return options alone; what the launcher itself takes, the class path say, is left out
   */
  static List<String> options(List<String> words) {
    CommandLine line = new CommandLine();
    line.readsFiles = false;
    for (String word : words) {
      line.take(word);
    }
    return line.options;
  }

  /**
   * Tells whether an option has its value in the next word, and may have it after {@code =}.
   *
   * @param option a word
   * @return whether it is one of those about modules
   */
  public static boolean isModuleOption(String option) {
    return MODULE_OPTIONS.contains(option);
  }

  /** The options in their order. */
  List<String> options() {
    return options;
  }

  /** The file after {@code -jar}; null if there is none. */
  @Nullable String mainJar() {
    return mainJar;
  }

  private boolean takeOrExpand(String word) {
    if (isComplete || !readsFiles || !word.startsWith("@")) {
      take(word);
      return true;
    }
    if (word.startsWith("@@")) {
      take(word.substring(1));
      return true;
    }
    String text = read(word.substring(1));
    if (text == null) {
      return false;
    }
    for (String inner : ArgumentFile.parse(text)) {
      take(inner);
    }
    return true;
  }

  /** Reads a file that is one: a pipe has been read by the launcher, and has nothing more. */
  static @Nullable String read(String name) {
    try {
      Path file = Path.of(name);
      return Files.isRegularFile(file)
          ? new String(Files.readAllBytes(file), Encodings.ofNames())
          : null;
    } catch (IOException | RuntimeException e) {
      return null; // gone since, or a name that this JVM can't express
    }
  }

  private void take(String word) {
    String option = open;
    if (isComplete) {
      return; // the program's own
    } else if (option != null) {
      open = null;
      takeValue(option, word);
    } else if (MODULE_OPTIONS.contains(word)
        || LAUNCHER_OPTIONS.contains(word)
        || MAIN_MODULE.contains(word)
        || word.equals("-jar")) {
      open = word;
    } else if (!word.startsWith("-") || word.startsWith("--module=")) {
      isComplete = true; // the main class or a source file
    } else if (word.equals("--disable-@files")) {
      readsFiles = false;
    } else {
      options.add(word);
    }
  }

  private void takeValue(String option, String value) {
    if (MODULE_OPTIONS.contains(option)) {
      options.add(option + "=" + value);
    } else if (option.equals("-jar")) {
      mainJar = value;
      isComplete = true;
    } else if (MAIN_MODULE.contains(option)) {
      isComplete = true;
    }
  }
}
