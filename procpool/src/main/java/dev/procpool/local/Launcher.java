package dev.procpool.local;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Starts the processes of workers. Thread-safe: workers start side by side. */
@FunctionalInterface
interface Launcher {

  /**
   * Starts a process that will connect to the pool.
   *
   * @param worker the worker that it is to be
   * @param memory the file of the memory shared with it; null if it need not be there yet
   * @return the process, whose standard input takes the first words of the pool
   * @throws IOException if it can't be started
   */
  Process launch(Worker worker, @Nullable Path memory) throws IOException;

  /**
   * Looks for what a worker's JVM wrote when it crashed; its process has ended. Takes time.
   *
   * @return null if it wrote nothing
   */
  default @Nullable CrashFile crash(Worker worker, long pid) {
    return null;
  }

  /** Takes note that a worker's process has ended, and removes what it left. Takes time. */
  default void ended(long worker) {}

  /** Removes what workers of killed pools have left. Takes time. */
  default void deleteStale() {}

  /** Starts nothing any more. */
  default void close() {}

  /** Tells whether a worker has a larger part of the machine than it would be given now. */
  default boolean hasTooMuch(Worker worker) {
    return false;
  }

  /** Starts no more processes from an archive of classes: one died so early that it may be why. */
  default void distrustArchive() {}
}
