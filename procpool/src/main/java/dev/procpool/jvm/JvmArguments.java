package dev.procpool.jvm;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options that this JVM was started with, wherever they were written, in the order in which it
 * has read them. Immutable.
 *
 * <p>On Linux the command line is read as the system has it, and the rest by the JVM's own rules:
 * asking the JVM, by {@code java.lang.management}, takes longer than all else before the first
 * worker's launch. It is asked elsewhere, and where the command line is not that of {@code java} or
 * names a file that can't be read again.
 *
 * @param options the options
 * @param mainJar the file after {@code -jar}; null if the program was not started so
 */
public record JvmArguments(List<Option> options, @Nullable String mainJar) {

  /** Where the JVM and its launcher look for options, first to last. */
  private static final String TOOL_OPTIONS = "JAVA_TOOL_OPTIONS";

  private static final String LAUNCHER_OPTIONS = "JDK_JAVA_OPTIONS";
  private static final String LAST_OPTIONS = "_JAVA_OPTIONS";

  /** The variables with options of JVMs. */
  public static final List<String> VARIABLES =
      List.of(TOOL_OPTIONS, LAUNCHER_OPTIONS, LAST_OPTIONS);

  private static final String SETTINGS = "-XX:Flags=";
  private static final String MORE_OPTIONS = "-XX:VMOptionsFile=";
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final Path PROGRAM = Path.of("/proc/self/exe");

  /**
   * One of the options.
   *
   * @param text the option with its value
   * @param variable the variable that it is from; null if it is from none
   */
  public record Option(String text, @Nullable String variable) {}

  /** Copies the list. */
  public JvmArguments {
    options = List.copyOf(options);
  }

  /**
   * Reads those of this process.
   *
   * @return the options
   */
  public static JvmArguments ofThisProcess() {
    List<String> words = commandLine();
    CommandLine line = words == null ? null : CommandLine.of(words);
    if (line != null) {
      return of(line.options(), line.mainJar(), System.getenv(), false);
    }
    return of(asked(), jarOfCommand(), System.getenv(), true);
  }

  /**
   * Puts them together.
   *
   * @param commandLine the options of the command line
   * @param hasAll whether these are those of the variables and files as well
   */
  static JvmArguments of(
      List<String> commandLine,
      @Nullable String mainJar,
      Map<String, String> environment,
      boolean hasAll) {
    List<Option> options = new ArrayList<>();
    for (String variable : List.of(TOOL_OPTIONS, LAUNCHER_OPTIONS)) {
      add(words(environment, variable), variable, options);
    }
    if (hasAll) {
      addOthers(commandLine, environment, options);
    } else {
      add(commandLine, null, options);
    }
    add(words(environment, LAST_OPTIONS), LAST_OPTIONS, options);
    if (!hasAll) {
      addSettings(options);
    }
    return new JvmArguments(options, mainJar);
  }

  /** Adds those that are not of a variable. */
  private static void addOthers(
      List<String> all, Map<String, String> environment, List<Option> options) {
    List<String> others = new ArrayList<>(all);
    for (String variable : VARIABLES) {
      others.removeAll(words(environment, variable));
    }
    for (String text : others) {
      options.add(new Option(text, null));
    }
  }

  /**
   * Reads the options in a variable.
   *
   * @param environment the variables
   * @param variable the name of one of {@link #VARIABLES}
   * @return the options; none if the variable is not there
   */
  public static List<String> words(Map<String, String> environment, String variable) {
    String text = environment.get(variable);
    if (text == null) {
      return List.of();
    }
    List<String> words = OptionWords.parse(text);
    return variable.equals(LAUNCHER_OPTIONS) ? CommandLine.options(expanded(words)) : words;
  }

  /** The launcher's variable may name argument files. */
  private static List<String> expanded(List<String> words) {
    List<String> all = new ArrayList<>();
    for (String word : words) {
      String text = word.startsWith("@") ? CommandLine.read(word.substring(1)) : null;
      if (text != null) {
        all.addAll(ArgumentFile.parse(text));
      } else {
        all.add(word);
      }
    }
    return all;
  }

  private static void add(List<String> texts, @Nullable String variable, List<Option> options) {
    for (String text : texts) {
      String more =
          text.startsWith(MORE_OPTIONS)
              ? CommandLine.read(text.substring(MORE_OPTIONS.length()))
              : null;
      if (more != null) {
        add(OptionWords.parse(more), variable, options);
      } else {
        options.add(new Option(text, variable));
      }
    }
  }

  /** What a file of flags says, the JVM takes in before all else. */
  private static void addSettings(List<Option> options) {
    String name = null;
    for (Option option : options) {
      if (option.text().startsWith(SETTINGS)) {
        name = option.text().substring(SETTINGS.length());
      }
    }
    String text = name == null ? null : CommandLine.read(name);
    if (text != null) {
      int place = 0;
      for (String word : OptionWords.parseSettings(text)) {
        options.add(place++, new Option("-XX:" + word, null));
      }
    }
  }

  /** The words of the command after the program; null if it is not the {@code java} command. */
  private static @Nullable List<String> commandLine() {
    try {
      if (!Files.readSymbolicLink(PROGRAM).endsWith("java")) {
        return null; // a program that has a JVM within: its words mean something else
      }
      List<String> words = new ArrayList<>();
      String text = new String(Files.readAllBytes(COMMAND_LINE), Encodings.ofNames());
      int from = text.indexOf('\0') + 1;
      for (int end; from > 0 && (end = text.indexOf('\0', from)) >= 0; from = end + 1) {
        words.add(text.substring(from, end));
      }
      return words;
    } catch (IOException | RuntimeException e) {
      return null; // not Linux
    }
  }

  /** What the JVM says itself; nothing if it has not the module for it. */
  private static List<String> asked() {
    try {
      List<String> options = new ArrayList<>();
      for (String text : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
        options.add(text.startsWith("-") ? text : "-XX:" + text); // a flag from a file of flags
      }
      return options;
    } catch (LinkageError | RuntimeException e) {
      return List.of();
    }
  }

  /** The jar, by what the launcher says of the command: it is the class path, then. */
  private static @Nullable String jarOfCommand() {
    String command = System.getProperty("sun.java.command", "");
    String classPath = System.getProperty("java.class.path", "");
    boolean isJar =
        classPath.endsWith(".jar")
            && command.startsWith(classPath)
            && (command.length() == classPath.length()
                || command.charAt(classPath.length()) == ' ');
    return isJar ? classPath : null;
  }
}
