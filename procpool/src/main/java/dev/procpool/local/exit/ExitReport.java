package dev.procpool.local.exit;

import dev.procpool.WorkerExit;
import dev.procpool.WorkerExit.Reason;
import dev.procpool.guard.HostName;
import dev.procpool.local.output.OutputTail;
import dev.procpool.protocol.OutputMark;
import dev.procpool.scheduler.Item;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says why a worker process ended, from what it left: its exit status, its last words, a crash
 * file, and whether the pool had a reason of its own to kill it. Owned by one thread.
 */
public final class ExitReport {

  private static final int SIGNAL_BASE = 128;

  /** The exit code of a JVM under {@code -XX:+ExitOnOutOfMemoryError}. */
  private static final int OUT_OF_MEMORY_CODE = 3;

  /** What that JVM says before it exits. */
  private static final String OUT_OF_MEMORY_WORDS = "Terminating due to java.lang.OutOfMemoryError";

  /** The signals whose numbers are the same on Linux and macOS, and those of Linux for the rest. */
  private static final Map<Integer, String> SIGNALS =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(5, "SIGTRAP"),
          Map.entry(6, "SIGABRT"),
          Map.entry(7, "SIGBUS"),
          Map.entry(8, "SIGFPE"),
          Map.entry(9, "SIGKILL"),
          Map.entry(10, "SIGUSR1"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(12, "SIGUSR2"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"),
          Map.entry(24, "SIGXCPU"),
          Map.entry(25, "SIGXFSZ"),
          Map.entry(31, "SIGSYS"));

  private final long pid;
  private final int status;
  private final boolean wasReady;
  private final boolean frozen;
  private final List<OutputTail> jvmsWords;
  private final OutputTail stderr;
  private final Optional<CrashFile> crash;

  /**
   * Takes what is known.
   *
   * @param jvmsWords the streams that the JVM itself writes to
   * @param crash what it wrote when it crashed; null if it wrote nothing
   */
  public ExitReport(
      long pid,
      int status,
      boolean wasReady,
      boolean frozen,
      List<OutputTail> jvmsWords,
      OutputTail stderr,
      @Nullable CrashFile crash) {
    this.pid = pid;
    this.status = status;
    this.wasReady = wasReady;
    this.frozen = frozen;
    this.jvmsWords = List.copyOf(jvmsWords);
    this.stderr = stderr;
    this.crash = Optional.ofNullable(crash);
  }

  /**
   * Gives the report.
   *
   * @param item the one that the worker was running: lines of others are not told; null if there
   *     was none, or nobody knows: then all are
   */
  public WorkerExit exit(@Nullable Item item) {
    OutputMark running =
        item == null ? null : new OutputMark(item.call(), item.index(), item.attempt());
    Optional<String> signal =
        crash
            .flatMap(CrashFile::signal)
            .or(() -> Optional.ofNullable(SIGNALS.get(status - SIGNAL_BASE)));
    return new WorkerExit(
        pid,
        HostName.ofThisMachine(),
        status,
        reason(signal, running),
        signal.orElse(null),
        stderr.lines(running),
        crash.map(CrashFile::path).map(Path::toString).orElse(null),
        crash.map(CrashFile::summary).orElse(List.of()));
  }

  private Reason reason(Optional<String> signal, @Nullable OutputMark running) {
    if (frozen) {
      return Reason.FROZEN;
    } else if (status == OUT_OF_MEMORY_CODE && saysItIsOutOfMemory(running)) {
      return Reason.OUT_OF_MEMORY;
    } else if (crash.isPresent() || isCrash(signal)) {
      return Reason.NATIVE_CRASH;
    } else if (!wasReady) {
      return Reason.START_FAILED;
    } else if (signal.isPresent()) {
      return Reason.KILLED;
    } else {
      return Reason.EXITED;
    }
  }

  /** A task may print the same words, of another program for example, and exit with that code. */
  private boolean saysItIsOutOfMemory(@Nullable OutputMark running) {
    return jvmsWords.stream().anyMatch(words -> words.hasUnmarked(OUT_OF_MEMORY_WORDS, running));
  }

  private static boolean isCrash(Optional<String> signal) {
    return signal.isPresent()
        && switch (signal.get()) {
          case "SIGABRT", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL" -> true;
          default -> false;
        };
  }
}
