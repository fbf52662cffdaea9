package dev.procpool.local;

import java.io.File;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The variables of the environment that workers get.
 *
 * @param isInherited whether they get all of this process's, or only what a JVM needs
 * @param added what they get besides, or instead
 */
record WorkerEnvironment(boolean isInherited, Map<String, String> added) {

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
  void apply(Map<String, String> environment) {
    apply(environment, File.separatorChar == '\\');
  }

  /** The same for a system; on Windows names are the same whatever their case. */
  void apply(Map<String, String> environment, boolean isWindows) {
    if (!isInherited) {
      environment.keySet().removeIf(name -> !isNeeded(name, isWindows));
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

  private static boolean isNeeded(String name, boolean isWindows) {
    return isWindows
        ? NEEDED_ON_WINDOWS.contains(name.toUpperCase(Locale.ROOT))
        : NEEDED.contains(name) || name.startsWith(LOCALE);
  }
}
