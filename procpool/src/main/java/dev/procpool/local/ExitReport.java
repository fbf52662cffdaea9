package dev.procpool.local;

import dev.procpool.WorkerExit;
import dev.procpool.WorkerExit.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says why a worker process ended, from what it left: its exit status, its last words, a crash
 * file, and whether the pool had a reason of its own to kill it.
 */
final class ExitReport {

  private static final int SIGNAL_BASE = 128;

  /** The exit code of a JVM under {@code -XX:+ExitOnOutOfMemoryError}. */
  private static final int OUT_OF_MEMORY_CODE = 3;

  /** What that JVM says before it exits. */
  private static final String OUT_OF_MEMORY_WORDS = "Terminating due to java.lang.OutOfMemoryError";

  private ExitReport() {}

  static WorkerExit of(
      long pid,
      int status,
      boolean wasReady,
      boolean frozen,
      OutputTail stdout,
      OutputTail stderr,
      String crashPattern) {
    Optional<CrashFile> crash = CrashFile.of(crashPattern, pid);
    Optional<String> signal =
        crash.flatMap(CrashFile::signal).or(() -> Signals.name(status - SIGNAL_BASE));
    boolean outOfMemory =
        status == OUT_OF_MEMORY_CODE
            && Stream.of(stderr, stdout)
                .flatMap(stream -> stream.lines().stream())
                .anyMatch(line -> line.contains(OUT_OF_MEMORY_WORDS)); // after what had no line end
    Reason reason;
    if (frozen) {
      reason = Reason.FROZEN;
    } else if (outOfMemory) {
      reason = Reason.OUT_OF_MEMORY;
    } else if (crash.isPresent() || isCrash(signal)) {
      reason = Reason.NATIVE_CRASH;
    } else if (!wasReady) {
      reason = Reason.START_FAILED;
    } else if (signal.isPresent()) {
      reason = Reason.KILLED;
    } else {
      reason = Reason.EXITED;
    }
    return new WorkerExit(
        pid,
        status,
        reason,
        signal.orElse(null),
        stderr.lines(),
        crash.map(file -> file.path().toString()).orElse(null),
        crash.map(CrashFile::summary).orElse(List.of()));
  }

  private static boolean isCrash(Optional<String> signal) {
    return signal.isPresent()
        && switch (signal.get()) {
          case "SIGABRT", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL" -> true;
          default -> false;
        };
  }
}
