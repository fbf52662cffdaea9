package dev.procpool.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * For how long a thread has waited for a processor so far, though it could have run: on a busy
 * machine that grows, while its process is stopped it does not.
 *
 * <p>Linux tells; elsewhere it is zero. Immutable; may be asked by any thread.
 */
public final class ThreadDelay {

  private static final Path SELF = Path.of("/proc/thread-self");

  private final @Nullable String file;

  private ThreadDelay(@Nullable String file) {
    this.file = file;
  }

  /** Gives that of the thread that calls. */
  public static ThreadDelay ofThisThread() {
    try {
      return new ThreadDelay("/proc/" + Files.readSymbolicLink(SELF) + "/schedstat");
    } catch (IOException | UnsupportedOperationException e) {
      return new ThreadDelay(null);
    }
  }

  /** How long, in nanoseconds. */
  public long nanos() {
    String text = file == null ? null : ProcFiles.read(file);
    if (text == null) {
      return 0;
    }
    int from = text.indexOf(' ') + 1; // after the time that it ran
    return Long.parseLong(text.substring(from, text.indexOf(' ', from)));
  }
}
