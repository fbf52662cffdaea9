package dev.procpool.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * For how long a thread has run on a processor so far, and for how long it has waited for one
 * though it could have run. While its process is stopped neither grows; on a busy machine the
 * second does. Immutable; may be asked by any thread.
 *
 * <p>Linux tells both; elsewhere the JVM tells the first, and the second is zero.
 */
public final class ThreadTimes {

  private static final Path SELF = Path.of("/proc/thread-self");

  private final long threadId;
  private final @Nullable String file;

  private ThreadTimes(long threadId, @Nullable String file) {
    this.threadId = threadId;
    this.file = file;
  }

  /** Gives those of the thread that calls. */
  @SuppressWarnings("deprecation") // threadId() is there from Java 19 on
  public static ThreadTimes ofThisThread() {
    long id = Thread.currentThread().getId();
    try {
      return new ThreadTimes(id, "/proc/" + Files.readSymbolicLink(SELF) + "/schedstat");
    } catch (IOException | UnsupportedOperationException e) {
      return new ThreadTimes(id, null);
    }
  }

  /** For how long it has run, in nanoseconds; never grows where nobody can tell. */
  public long runNanos() {
    String text = text();
    if (text != null) {
      return Long.parseLong(text.substring(0, text.indexOf(' ')));
    }
    try {
      return Math.max(0, ManagementFactory.getThreadMXBean().getThreadCpuTime(threadId));
    } catch (LinkageError
        | UnsupportedOperationException e) { // a JVM without that module, or can't
      return 0;
    }
  }

  /** For how long it has waited for a processor, in nanoseconds. */
  public long waitNanos() {
    String text = text();
    if (text == null) {
      return 0;
    }
    int from = text.indexOf(' ') + 1; // after the time that it ran
    return Long.parseLong(text.substring(from, text.indexOf(' ', from)));
  }

  private @Nullable String text() {
    try {
      return file == null ? null : ProcFiles.read(file);
    } catch (ShortageException e) {
      return null;
    }
  }
}
