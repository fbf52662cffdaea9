package dev.procpool.local.output;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process's standard output and standard error, opened so that closing ends a read that waits: a
 * process may have ended, and what it has started holds its pipes open for ever.
 *
 * <p>The streams that a {@link Process} gives are not like that, on no system; and the thread that
 * waits for the process waits for whoever reads them.
 */
public final class OutputStreams {

  private OutputStreams() {}

  public static InputStream output(Process process) {
    return open(process, 1, process.getInputStream());
  }

  public static InputStream error(Process process) {
    return open(process, 2, process.getErrorStream());
  }

  /** Opens the same pipe a second time and closes it where it was open; or leaves it at that. */
  private static InputStream open(Process process, int number, InputStream pipe) {
    InputStream own;
    try {
      own = Files.newInputStream(Path.of("/proc/" + process.pid() + "/fd/" + number));
    } catch (IOException | RuntimeException e) {
      return pipe; // not on Linux, not ours to look at, or it has ended already
    }
    try {
      pipe.close();
    } catch (IOException e) {
      // nothing was to be written
    }
    return own;
  }
}
