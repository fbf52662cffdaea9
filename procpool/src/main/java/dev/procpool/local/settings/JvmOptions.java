package dev.procpool.local.settings;

import dev.procpool.guard.SafeLog;
import dev.procpool.jvm.ArgumentFile;
import dev.procpool.jvm.CommandLine;
import dev.procpool.jvm.Encodings;
import dev.procpool.jvm.InheritedOptions;
import dev.procpool.jvm.JavaVersion;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The options of the workers' JVMs, but for the pool's own, which come between these. Immutable.
 *
 * @param inherited those of this JVM
 * @param chosen those that the pool was made with, an object codec's among them: they win
 */
public record JvmOptions(List<String> inherited, List<String> chosen) {

  private static final String PATCH = "--patch-module=";

  /** Words that would have the JVM run something else than a worker, or nothing. */
  private static final Set<String> NO_OPTIONS = Set.of("-jar", "-m", "--module", "--source");

  private static final Set<String> MODULE_PATH = Set.of("-p", "--module-path");
  private static final Set<String> CLASS_PATH = Set.of("-cp", "-classpath", "--class-path");

  /** Copies the lists. */
  public JvmOptions {
    inherited = List.copyOf(inherited);
    chosen = List.copyOf(chosen);
  }

  /** Inherits nothing. */
  public static JvmOptions of(List<String> chosen) {
    return new JvmOptions(List.of(), chosen);
  }

  /**
   * Inherits what a worker can have.
   *
   * @param environment the worker's
   * @param javaHome the worker's
   */
  public static JvmOptions inheriting(
      List<String> chosen, WorkerEnvironment environment, Path javaHome) {
    List<String> found =
        InheritedOptions.find(
            environment.optionVariables(), environment.added().keySet(), JavaVersion.of(javaHome));
    List<String> inherited = new ArrayList<>();
    Charset charset = Encodings.ofNames();
    for (String option : found) {
      if (!Encodings.canExpress(option, charset)) {
        warn(option, charset);
      } else if (!isPatched(option, chosen) && !environment.decides(option)) {
        inherited.add(option);
      }
    }
    return new JvmOptions(inherited, chosen);
  }

  private static void warn(String option, Charset charset) {
    SafeLog.log(
        System.Logger.Level.WARNING,
        "workers don't get this JVM's option "
            + option
            + ", which has characters that "
            + charset
            + ", the encoding of the command line, does not have; LC_ALL=C.UTF-8 gives it all",
        null);
  }

  /** A JVM takes one patch for a module, and no second. */
  private static boolean isPatched(String option, List<String> chosen) {
    int equals = option.indexOf('=', PATCH.length());
    if (!option.startsWith(PATCH) || equals < 0) {
      return false;
    }
    String beginning = option.substring(0, equals + 1);
    for (String other : chosen) {
      if (other.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }

  /** All of them, those first that others win over. */
  public List<String> all() {
    List<String> all = new ArrayList<>(inherited);
    all.addAll(chosen);
    return all;
  }

  /**
   * Checks what a user has given, and takes in the argument files that it names.
   *
   * @throws IllegalArgumentException if a JVM could not be given one of them as it is
   */
  public static List<String> checked(List<String> given) {
    List<String> options = new ArrayList<>();
    Charset charset = Encodings.ofNames();
    String open = null; // waits for its value
    for (String option : given) {
      checkText(option, charset);
      if (open != null) {
        addValue(open, option, options);
        open = null;
      } else if (CommandLine.isModuleOption(option) || MODULE_PATH.contains(option)) {
        open = option;
      } else if (option.startsWith("@")) {
        options.addAll(read(option));
      } else if (CLASS_PATH.contains(option)) {
        throw refused(
            option, "would be of no effect; ProcessPool.builder().classPath(…) adds to it");
      } else if (!option.startsWith("-") || NO_OPTIONS.contains(option)) {
        throw refused(option, "is no option of a JVM, which would take it for what it is to run");
      } else {
        options.add(option);
      }
    }
    if (open != null) {
      throw refused(open, "has no value after it");
    }
    return options;
  }

  private static void checkText(String option, Charset charset) {
    if (option.indexOf('\0') >= 0) {
      throw refused(option, "has a null character, which no command line can hold");
    }
    if (!Encodings.canExpress(option, charset)) {
      throw refused(
          option,
          "has characters that "
              + charset
              + ", the encoding of command lines here, does not have; start this program with"
              + " LC_ALL=C.UTF-8 or another locale that has them");
    }
  }

  private static void addValue(String option, String value, List<String> options) {
    if (CommandLine.isModuleOption(option)) {
      options.add(option + "=" + value);
    } else {
      options.add(option);
      options.add(value);
    }
  }

  private static List<String> read(String option) {
    try {
      String text = Files.readString(Path.of(option.substring(1)), Encodings.ofNames());
      return ArgumentFile.parse(text);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "jvmOptions: the argument file " + option + " can't be read: " + e, e);
    }
  }

  private static IllegalArgumentException refused(String option, String why) {
    return new IllegalArgumentException("jvmOptions: '" + option + "' " + why);
  }
}
