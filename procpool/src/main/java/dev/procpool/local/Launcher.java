package dev.procpool.local;

import java.io.IOException;

/** Starts the processes of workers. Thread-safe: workers start side by side. */
@FunctionalInterface
interface Launcher {

  /**
   * Starts a process that will connect to the pool.
   *
   * @param worker the worker that it is to be
   * @return the process, whose standard input takes the first words of the pool
   * @throws IOException if it can't be started
   */
  Process launch(Worker worker) throws IOException;
}
