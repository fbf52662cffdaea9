package dev.procpool.local.sandbox;

import dev.procpool.process.ProcessStart;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which bubblewrap there is: one that is too old would end each worker with an unknown option. */
public final class BubblewrapVersion {

  /** The first that limits a file system in memory, in its first and second number. */
  private static final int[] LEAST = {0, 7};

  private static final Pattern VERSION =
      Pattern.compile("bubblewrap ((\\d{1,4})\\.(\\d{1,4})[\\d.]*)");
  private static final long BOUND_SECONDS = 10;

  /** Programs of which is known that they will do; asked once in the life of this process. */
  private static final Set<Path> FIT = ConcurrentHashMap.newKeySet();

  private BubblewrapVersion() {}

  /**
   * Looks whether it can limit temporary space. One that does not tell is taken for new enough.
   *
   * @param program the program
   * @throws IllegalStateException if it is too old
   */
  public static void check(Path program) {
    if (FIT.contains(program)) {
      return;
    }
    Matcher version = VERSION.matcher(ask(program));
    if (version.find()) {
      int first = Integer.parseInt(version.group(2));
      int second = Integer.parseInt(version.group(3));
      if (first < LEAST[0] || first == LEAST[0] && second < LEAST[1]) {
        throw new IllegalStateException(
            "the sandbox needs bubblewrap 0.7 or later to limit temporarySpace, and "
                + program
                + " is "
                + version.group(1)
                + ": install a later one, or have no limit by temporarySpace(Long.MAX_VALUE)");
      }
      FIT.add(program);
    }
  }

  private static String ask(Path program) {
    try {
      Process process =
          ProcessStart.of(
              new ProcessBuilder(program.toString(), "--version")
                  .redirectErrorStream(true)
                  .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null"))));
      try {
        return process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)
            ? new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            : "";
      } finally {
        process.destroyForcibly(); // and its streams are closed
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    } catch (IOException e) { // the start of a worker tells
      return "";
    }
  }
}
