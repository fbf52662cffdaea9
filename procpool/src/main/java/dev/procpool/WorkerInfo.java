package dev.procpool;

import dev.procpool.guard.HostName;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** A worker as it was at one moment. Immutable. */
public final class WorkerInfo {

  /** What a worker does. */
  public enum State {
    /** Its process was started and is not ready for tasks yet. */
    STARTING,
    /** It waits for tasks. */
    IDLE,
    /** It runs a task. */
    BUSY,
    /**
     * It is ready and gets no tasks until it takes the place of another worker, as spare workers
     * do.
     *
     * @since 0.2.0
     */
    SPARE,
    /** It ends, or is being killed. */
    STOPPING
  }

  /** Asks a worker what its threads do: what {@link WorkerInfo#threadDump()} needs of a backend. */
  @FunctionalInterface
  public interface ThreadDumper {

    /**
     * Asks.
     *
     * @return the answer
     * @throws InterruptedException if this thread was interrupted
     */
    String dump() throws InterruptedException;
  }

  private final int number;
  private final String host;
  private final long pid;
  private final State state;
  private final long tasksDone;
  private final Instant startedAt;
  private final OptionalLong memoryBytes;
  private final Optional<Progress> progress;
  private final ThreadDumper dumper;

  /**
   * Describes a worker of a machine that nobody names.
   *
   * @param number the worker's number in its pool, from 0; a replacement takes its predecessor's
   * @param pid the process identifier
   * @param state what it was doing
   * @param tasksDone how many items it had finished
   * @param startedAt when its process was started
   * @param memoryBytes its resident memory; empty where the system does not tell
   * @param dumper asks it what its threads do
   */
  public WorkerInfo(
      int number,
      long pid,
      State state,
      long tasksDone,
      Instant startedAt,
      OptionalLong memoryBytes,
      ThreadDumper dumper) {
    this(number, "", pid, state, tasksDone, startedAt, memoryBytes, Optional.empty(), dumper);
  }

  /**
   * Describes a worker.
   *
   * @param number the worker's number in its pool, from 0; a replacement takes its predecessor's
   * @param host the name of its machine
   * @param pid the process identifier there
   * @param state what it was doing
   * @param tasksDone how many items it had finished
   * @param startedAt when its process was started
   * @param memoryBytes its resident memory; empty where the system does not tell
   * @param progress how far its item has come; empty if nobody said
   * @param dumper asks it what its threads do
   * @since 0.2.0
   */
  public WorkerInfo(
      int number,
      String host,
      long pid,
      State state,
      long tasksDone,
      Instant startedAt,
      OptionalLong memoryBytes,
      Optional<Progress> progress,
      ThreadDumper dumper) {
    this.number = number;
    this.host = Objects.requireNonNull(host, "host");
    this.pid = pid;
    this.state = Objects.requireNonNull(state, "state");
    this.tasksDone = tasksDone;
    this.startedAt = Objects.requireNonNull(startedAt, "startedAt");
    this.memoryBytes = Objects.requireNonNull(memoryBytes, "memoryBytes");
    this.progress = Objects.requireNonNull(progress, "progress");
    this.dumper = Objects.requireNonNull(dumper, "dumper");
  }

  /**
   * Gives the worker's number in its pool.
   *
   * @return the number, from 0; a replacement takes its predecessor's, unless it was a {@linkplain
   *     State#SPARE spare}
   */
  public int number() {
    return number;
  }

  /**
   * Gives the name of the worker's machine, as that calls itself.
   *
   * @return the name; empty where nobody said
   * @since 0.2.0
   */
  public String host() {
    return host;
  }

  /**
   * Gives the process identifier.
   *
   * @return the identifier, on its {@linkplain #host() host}
   */
  public long pid() {
    return pid;
  }

  /**
   * Tells what the worker was doing.
   *
   * @return the state
   */
  public State state() {
    return state;
  }

  /**
   * Tells how many items the worker had finished.
   *
   * @return the number
   */
  public long tasksDone() {
    return tasksDone;
  }

  /**
   * Tells when the worker's process was started.
   *
   * @return the time
   */
  public Instant startedAt() {
    return startedAt;
  }

  /**
   * Tells how much memory was resident.
   *
   * @return the number of bytes; empty where the system does not tell
   */
  public OptionalLong memoryBytes() {
    return memoryBytes;
  }

  /**
   * Tells how far the item has come that the worker runs, as its task {@linkplain
   * WorkerContext#progress(double, String) said} last.
   *
   * @return how far; empty if it runs none, or nobody said
   * @since 0.2.0
   */
  public Optional<Progress> progress() {
    return progress;
  }

  /**
   * Asks the worker, as it is now, what its threads do. A busy worker answers too: a thread of its
   * own does. Waits for at most 10 seconds.
   *
   * @return each thread's name, state and stack, as text like that of {@code jstack}
   * @throws IllegalStateException if the worker has ended, has not started yet, or does not answer
   *     because its process is frozen or stopped by a debugger; the message tells which
   * @throws InterruptedException if this thread was interrupted
   */
  public String threadDump() throws InterruptedException {
    return dumper.dump();
  }

  private boolean isElsewhere() {
    return !host.isEmpty() && !host.equals(HostName.ofThisMachine());
  }

  @Override
  public String toString() {
    return "worker "
        + number
        + " (pid "
        + pid
        + (isElsewhere() ? " on " + host : "")
        + ", "
        + state
        + ", "
        + tasksDone
        + " items done, started at "
        + startedAt
        + progress.map(said -> ", at " + said).orElse("")
        + (memoryBytes.isPresent() ? ", " + memoryBytes.getAsLong() + " bytes" : "")
        + ")";
  }
}
