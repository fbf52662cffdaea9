package dev.procpool.process;

import dev.procpool.guard.Descriptors;
import java.io.IOException;

/**
 * Starts processes, and does not begin to where file descriptors for it are missing.
 *
 * <p>A start that finds no descriptors for its pipes closes two that are not its own: the JDK (17
 * to 25 at least) then reads their numbers from memory that nobody has written. They may be the
 * program's own files, its sockets, its standard output. So they are looked for first, and one
 * start comes after another, as two that found the same descriptors free would lack half of them,
 * and the look itself takes what a start needs. Others may take them between that and the start; no
 * more can be done from here (decision 0040).
 *
 * <p>Thread-safe.
 */
public final class ProcessStart {

  /**
   * Three pipes of the process's, two of the JDK's, a file that one is redirected to; and some that
   * other threads of ours may take at that moment, as for a connection or a class.
   */
  private static final int DESCRIPTORS = 24;

  /** The starts of all pools, as descriptors are the program's. */
  private static final StartQueue STARTS = new StartQueue();

  private ProcessStart() {}

  /**
   * Starts a process.
   *
   * @throws IOException if it can't be started, as for want of descriptors
   */
  public static Process of(ProcessBuilder builder) throws IOException {
    STARTS.enter();
    try {
      int free = Descriptors.free(DESCRIPTORS);
      if (free < DESCRIPTORS) {
        throw new IOException(
            "Too many open files: to start a process takes up to "
                + DESCRIPTORS
                + " file descriptors, and "
                + free
                + " are free");
      }
      return builder.start();
    } finally {
      STARTS.leave();
    }
  }
}
