package dev.procpool;

import dev.procpool.guard.HostName;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How a worker process ended. Immutable.
 *
 * @param pid the process identifier
 * @param host the name of its machine, as that calls itself; empty where nobody said; since 0.2.0
 * @param status the exit status as Java has it: 128 plus the number of the signal for a process
 *     that a signal ended; -1 if it is not known
 * @param reason what ended the process, as far as the parent can tell
 * @param signalName the signal, as {@code SIGKILL}; null if none did
 * @param stderrTail the last lines of standard error, and after them what the pool says of the
 *     process, in lines that begin with {@code procpool:}. If the process ended in an item, they
 *     are those that the item has printed, and those of nobody that can be told (the JVM, native
 *     code, child processes) since another item has printed one; else they are all
 * @param crashPath the path of the crash file that the JVM wrote; null if it wrote none
 * @param crashSummary the first lines of the crash file, as far as the frame that crashed; empty if
 *     there is none
 */
public record WorkerExit(
    long pid,
    String host,
    int status,
    Reason reason,
    @Nullable String signalName,
    List<String> stderrTail,
    @Nullable String crashPath,
    List<String> crashSummary)
    implements Serializable {

  private static final String POOLS_WORDS = "procpool: ";

  /** What ended a worker process. */
  public enum Reason {
    /** It ended by itself: {@code System.exit}, {@code Runtime.halt}. */
    EXITED,
    /** A signal ended it from outside. */
    KILLED,
    /** Its heap was exhausted. */
    OUT_OF_MEMORY,
    /** The JVM or native code in it crashed. */
    NATIVE_CRASH,
    /** It stopped responding, and the pool killed it. */
    FROZEN,
    /** It ended before it was ready for tasks. */
    START_FAILED
  }

  /** Copies the lists. */
  public WorkerExit {
    Objects.requireNonNull(host, "host");
    stderrTail = List.copyOf(stderrTail);
    crashSummary = List.copyOf(crashSummary);
  }

  /**
   * Tells of a process of a machine that nobody names.
   *
   * @param pid the process identifier
   * @param status the exit status as Java has it; -1 if it is not known
   * @param reason what ended the process
   * @param signalName the signal, as {@code SIGKILL}; null if none did
   * @param stderrTail the last lines of standard error
   * @param crashPath the path of the crash file that the JVM wrote; null if it wrote none
   * @param crashSummary the first lines of the crash file
   */
  public WorkerExit(
      long pid,
      int status,
      Reason reason,
      @Nullable String signalName,
      List<String> stderrTail,
      @Nullable String crashPath,
      List<String> crashSummary) {
    this(pid, "", status, reason, signalName, stderrTail, crashPath, crashSummary);
  }

  /**
   * Gives the exit code of a process that ended by itself.
   *
   * @return the code; empty if a signal ended the process or nothing is known
   */
  public OptionalInt exitCode() {
    return status < 0 || signalName != null ? OptionalInt.empty() : OptionalInt.of(status);
  }

  /**
   * Gives the name of the signal that ended the process.
   *
   * @return the name, as {@code SIGKILL}; empty if no signal did
   */
  public Optional<String> signal() {
    return Optional.ofNullable(signalName);
  }

  /**
   * Gives the crash file that the JVM wrote.
   *
   * @return its path; empty if there is none
   */
  public Optional<Path> crashFile() {
    return Optional.ofNullable(crashPath).map(Path::of);
  }

  /**
   * Says in one sentence how the process ended, with what to do where that is known.
   *
   * @return the sentence, without a full stop
   */
  public String describe() {
    String how =
        switch (reason) {
          case EXITED -> "exited with code " + status + " (System.exit or Runtime.halt was called)";
          case KILLED ->
              lostWith().map(why -> "is gone (" + why + ")").orElse("was killed by " + killer());
          case OUT_OF_MEMORY -> "ran out of heap memory (-Xmx in jvmOptions gives it more)";
          case NATIVE_CRASH ->
              "crashed in native code (" + (signalName == null ? status : signalName) + ")";
          case FROZEN -> "stopped responding and was killed";
          case START_FAILED -> "ended with status " + status + " before it was ready for tasks";
        };
    boolean isElsewhere = !host.isEmpty() && !host.equals(HostName.ofThisMachine());
    return "worker process " + pid + (isElsewhere ? " on " + host : "") + " " + how;
  }

  /** What took it along, where nobody saw its end. */
  private Optional<String> lostWith() {
    return signalName == null ? poolsWords() : Optional.empty();
  }

  private Optional<String> poolsWords() {
    int lines = stderrTail.size();
    return lines > 0 && stderrTail.get(lines - 1).startsWith(POOLS_WORDS)
        ? Optional.of(stderrTail.get(lines - 1).substring(POOLS_WORDS.length()))
        : Optional.empty();
  }

  private String killer() {
    if (signalName == null) {
      return "a signal";
    }
    if (poolsWords().isPresent()) {
      return "its pool, for the reason in the last line of its standard error";
    }
    return signalName.equals("SIGKILL")
        ? "SIGKILL (from outside, or by the system, as when it is short of memory)"
        : signalName;
  }
}
