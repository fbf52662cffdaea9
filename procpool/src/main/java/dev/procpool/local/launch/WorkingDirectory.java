package dev.procpool.local.launch;

import dev.procpool.guard.SafeLog;
import dev.procpool.local.settings.PoolSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Where workers start: in a directory that was chosen, or in that of this process. When it has been
 * deleted since, in the temporary directory, for a JVM does not start in one that is not there.
 *
 * <p>Thread-safe.
 */
final class WorkingDirectory {

  private static final Path OWN = Path.of("/proc/self/cwd");

  private final @Nullable Path chosen;
  private final boolean existed;
  private final String pool;
  private final AtomicBoolean said = new AtomicBoolean();

  WorkingDirectory(PoolSettings settings) {
    this.chosen = settings.jvm().workingDirectory();
    this.existed = chosen == null || Files.isDirectory(chosen);
    this.pool = settings.name();
  }

  /** The directory for a worker that starts now; null for that of this process. */
  @Nullable Path current() {
    if (!isLost()) {
      return chosen;
    }
    Path other = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    if (said.compareAndSet(false, true)) {
      SafeLog.log(
          System.Logger.Level.WARNING,
          "the working directory of the workers of pool '"
              + pool
              + "' was deleted ("
              + (chosen == null ? Path.of("").toAbsolutePath() : chosen)
              + "): they start in "
              + other
              + " from now on",
          null);
    }
    return other;
  }

  /** Whether it was there, and is not any more. */
  boolean isLost() {
    return chosen == null ? isOwnLost() : existed && !Files.isDirectory(chosen);
  }

  /** Whether this process's own was deleted under it. */
  static boolean isOwnLost() {
    try {
      return Files.readSymbolicLink(OWN).toString().endsWith(" (deleted)");
    } catch (IOException | RuntimeException e) { // not Linux
      return !Files.isDirectory(Path.of("").toAbsolutePath());
    }
  }
}
