package dev.procpool.local.settings;

import dev.procpool.jvm.Encodings;
import dev.procpool.jvm.JvmArguments;
import java.io.File;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The variables of the environment that workers get. Those with options of JVMs are left out unless
 * they are added: a collector, a heap or a port that is this process's own would be each worker's.
 *
 * @param isInherited whether they get all of this process's, or only what a JVM needs
 * @param added what they get besides, or instead
 */
public record WorkerEnvironment(boolean isInherited, Map<String, String> added) {

  /**
   * Where programs are found, the language and encoding (by which file names are decoded, those of
   * the class path too), the time zone, the temporary directory.
   */
  private static final Set<String> NEEDED = Set.of("PATH", "LANG", "LANGUAGE", "TZ", "TMPDIR");

  /** All that begins so is of the language too. */
  private static final String LOCALE = "LC_";

  /** Without these neither sockets nor the temporary directory work on Windows. */
  private static final Set<String> NEEDED_ON_WINDOWS =
      Set.of("PATH", "PATHEXT", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "TEMP", "TMP");

  /** Makes this process's environment a worker's. */
  public void apply(Map<String, String> environment) {
    apply(environment, File.separatorChar == '\\');
  }

  /** The same for a system; on Windows names are the same whatever their case. */
  public void apply(Map<String, String> environment, boolean isWindows) {
    if (!isInherited) {
      environment.keySet().removeIf(name -> !isNeeded(name, isWindows));
    }
    for (String variable : JvmArguments.VARIABLES) {
      environment.remove(variable); // what workers get of it is in their command line
    }
    if (isWindows) {
      for (String name : added.keySet()) {
        List.copyOf(environment.keySet()).stream()
            .filter(name::equalsIgnoreCase)
            .forEach(environment::remove);
      }
    }
    environment.putAll(added);
  }

  /**
   * Checks variables that a user adds.
   *
   * @throws IllegalArgumentException if a process could not be given one of them as it is
   */
  public static Map<String, String> checked(Map<String, String> variables) {
    Charset charset =
        Runtime.version().feature() < 18 ? Charset.defaultCharset() : Encodings.ofNames();
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      String name = variable.getKey();
      String value = variable.getValue();
      if (name.isEmpty() || name.indexOf('=') >= 0 || (name + value).indexOf('\0') >= 0) {
        throw new IllegalArgumentException(
            "environment: '"
                + name
                + "' is no name of a variable, or its value has a null character");
      }
      if (!Encodings.canExpress(name + value, charset)) {
        throw new IllegalArgumentException(
            "environment: the variable "
                + name
                + " has characters that "
                + charset
                + ", the encoding of variables here, does not have; start this program with"
                + " LC_ALL=C.UTF-8 or another locale that has them");
      }
    }
    return Map.copyOf(variables);
  }

  /** Tells whether what is added says what an inherited option would say otherwise. */
  boolean decides(String option) {
    if (option.startsWith("-Duser.timezone=")) {
      return added.containsKey("TZ");
    }
    boolean isOfLocale =
        option.startsWith("-Duser.language")
            || option.startsWith("-Duser.country")
            || option.startsWith("-Duser.script")
            || option.startsWith("-Duser.variant");
    if (isOfLocale) {
      for (String name : added.keySet()) {
        if (name.startsWith("LANG") || name.startsWith(LOCALE)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The variables with options for all JVMs of this user, workers too. */
  Set<String> optionVariables() {
    return isInherited ? Set.copyOf(JvmArguments.VARIABLES) : Set.of();
  }

  /** The options for JVMs in what is added: they are said of workers, so ours give way to them. */
  public List<String> addedOptions() {
    List<String> options = new ArrayList<>();
    for (String variable : JvmArguments.VARIABLES) {
      options.addAll(JvmArguments.words(added, variable));
    }
    return options;
  }

  private static boolean isNeeded(String name, boolean isWindows) {
    return isWindows
        ? NEEDED_ON_WINDOWS.contains(name.toUpperCase(Locale.ROOT))
        : NEEDED.contains(name) || name.startsWith(LOCALE);
  }
}
