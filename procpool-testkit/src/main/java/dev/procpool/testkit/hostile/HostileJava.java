package dev.procpool.testkit.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A Java home whose {@code java} starts some of a pool's workers as hostile ones, in the order in
 * which they are started. For Linux, with {@code flock} of util-linux.
 */
final class HostileJava {

  private final Path directory;

  private HostileJava(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes one.
   *
   * @param directory where to; exists
   * @param hostile whether the start number {@code $k}, from 0, is to be hostile, as a command of
   *     the shell
   * @param seed what hostile workers do follows from this and their number
   * @param honest how many items each reports in good order at most
   * @param misdeed what they do; empty for anything
   */
  static HostileJava create(Path directory, String hostile, long seed, int honest, String misdeed)
      throws IOException {
    Path real = Path.of(System.getProperty("java.home"), "bin", "java");
    Path classes =
        Path.of(HostileMain.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    String script =
        """
        #!/bin/sh
        dir='%s'
        exec 9>"$dir/lock"
        flock 9
        k=$(cat "$dir/starts" 2>/dev/null || echo 0)
        echo $((k + 1)) > "$dir/starts"
        if %s; then
          echo $$ >> "$dir/hostile"
          exec 9>&-
          exec '%s' -Xshare:auto -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m \
            -XX:-UsePerfData -cp '%s' %s $((%d + k)) %d %s
        fi
        exec 9>&-
        exec '%s' "$@"
        """
            .formatted(
                directory,
                hostile,
                real,
                classes,
                HostileMain.class.getName(),
                seed,
                honest,
                misdeed,
                real);
    Path java = Files.createDirectories(directory.resolve("bin")).resolve("java");
    Files.writeString(java, script);
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    return new HostileJava(directory);
  }

  /** What to give to {@code javaHome(…)}. */
  Path home() {
    return directory;
  }

  /** The processes that were started as hostile ones. */
  Set<Long> hostilePids() throws IOException {
    Path file = directory.resolve("hostile");
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    return lines.stream().map(Long::valueOf).collect(Collectors.toSet());
  }
}
