package dev.procpool.local.launch;

import dev.procpool.local.exit.CrashFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Starts the processes of workers. Thread-safe: workers start side by side. */
@FunctionalInterface
public interface Launcher {

  /**
   * A worker's process, just started.
   *
   * @param process whose standard input takes the first words of the pool
   * @param usesArchive whether its JVM was given an archive of classes to start from
   */
  record Launched(Process process, boolean usesArchive) {}

  /**
   * Starts a process that will connect to the pool.
   *
   * @param worker the worker's id
   * @param number the worker's number
   * @param sharers among how many workers the machine is shared out, as {@link #sharers} told
   * @param mark marks the processes that it starts; empty if they are kept
   * @param memory the file of the memory shared with it; null if it need not be there yet
   * @return the process
   * @throws IOException if it can't be started
   */
  Launched launch(long worker, int number, int sharers, String mark, @Nullable Path memory)
      throws IOException;

  /**
   * Looks for what a worker's JVM wrote when it crashed; its process has ended. Takes time.
   *
   * @param worker the worker's id
   * @param startedAt when its start began
   * @return null if it wrote nothing
   */
  default @Nullable CrashFile crash(long worker, long pid, Instant startedAt) {
    return null;
  }

  /** Takes note that a worker's process has ended, and removes what it left. Takes time. */
  default void ended(long worker) {}

  /** Removes what workers of killed pools have left. Takes time. */
  default void deleteStale() {}

  /** Starts nothing any more. */
  default void close() {}

  /** Tells among how many workers the machine is shared out now. */
  default int sharers() {
    return 1;
  }

  /**
   * Tells whether a worker has a larger part of the machine than it would be given now.
   *
   * @param sharers among how many workers it was shared out when it was launched
   */
  default boolean hasTooMuch(int sharers) {
    return false;
  }

  /** Starts no more processes from an archive of classes: one died so early that it may be why. */
  default void distrustArchive() {}
}
