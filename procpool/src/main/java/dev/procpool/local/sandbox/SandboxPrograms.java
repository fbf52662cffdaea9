package dev.procpool.local.sandbox;

import dev.procpool.spi.SandboxCommand;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks whether the programs of a sandbox are there. */
public final class SandboxPrograms {

  /** In which package they are, where it has another name. */
  private static final Map<String, String> PACKAGES =
      Map.of("bwrap", "bubblewrap", "prlimit", "util-linux");

  private SandboxPrograms() {}

  /**
   * Looks for all of them.
   *
   * @throws IllegalStateException that names the first that is missing
   */
  public static void check(SandboxCommand sandbox) {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String program : sandbox.programs()) {
      if (!exists(program, path)) {
        boolean isPath = program.contains(File.separator);
        throw new IllegalStateException(
            "the sandbox needs the program "
                + program
                + ", which is not there"
                + (isPath
                    ? ": install it"
                    : " on the PATH: install the package "
                        + PACKAGES.getOrDefault(program, program))
                + ", or choose another sandbox");
      }
    }
  }

  public static boolean exists(String program, String path) {
    return find(program, path) != null;
  }

  /** Where a program is; null if it is not on this process's path. */
  public static @Nullable Path find(String program) {
    return find(program, System.getenv().getOrDefault("PATH", ""));
  }

  private static @Nullable Path find(String program, String path) {
    if (program.contains(File.separator)) {
      Path file = Path.of(program);
      return Files.isExecutable(file) ? file : null;
    }
    for (String directory : path.split(File.pathSeparator, -1)) {
      Path file = Path.of(directory).resolve(program);
      if (Files.isRegularFile(file) && Files.isExecutable(file)) {
        return file.toAbsolutePath();
      }
    }
    return null;
  }
}
