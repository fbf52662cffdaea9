package dev.procpool.spi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a sandbox puts before the command of a worker's JVM: the seam behind {@code
 * dev.procpool.local.Sandbox}, which users know. A backend that starts processes asks it.
 *
 * <p>Implementations are immutable.
 *
 * @since 0.2.0
 */
public interface SandboxCommand {

  /**
   * A worker that is about to be started, and what it has to reach.
   *
   * @param directory the pool's directory, to be read but for {@link #secluded()}; the worker
   *     connects to a socket in it
   * @param memory the file shared with the pool, to be read and written
   * @param crashFile the file that the JVM writes when it crashes, if {@link
   *     #hasOwnTemporaryFolder} is true: an empty one, to be written
   * @param readable files and directories to be read: the Java home, the class path and module
   *     path, and what options of the JVM name, such as agents
   * @param workingDirectory where the process is started; it has to exist for the worker, and need
   *     not be readable
   * @param options of its JVM, as they were given
   * @param environment its variables
   */
  record Start(
      Path directory,
      Path memory,
      Path crashFile,
      List<Path> readable,
      Path workingDirectory,
      List<String> options,
      Map<String, String> environment) {

    /** The name of the folder that {@link #secluded} gives. */
    public static final String SECLUDED = "each";

    /** Copies the lists and the map. */
    public Start {
      readable = List.copyOf(readable);
      options = List.copyOf(options);
      environment = Map.copyOf(environment);
    }

    /**
     * Describes a worker without options and variables.
     *
     * @param directory the pool's directory
     * @param memory the file shared with the pool
     * @param crashFile the file that the JVM writes when it crashes
     * @param readable files and directories to be read
     * @param workingDirectory where the process is started
     */
    public Start(
        Path directory, Path memory, Path crashFile, List<Path> readable, Path workingDirectory) {
      this(directory, memory, crashFile, readable, workingDirectory, List.of(), Map.of());
    }

    /**
     * Gives a folder in the pool's directory with files of single workers, which no other may see:
     * the memory of some is there while {@code /dev/shm} is full. It exists if {@link
     * #hasOwnTemporaryFolder} is true.
     *
     * @return the folder
     * @since 0.2.0
     */
    public Path secluded() {
      return directory.resolve(SECLUDED);
    }
  }

  /**
   * Prepares for workers: called once, when the pool is built, before {@link #command}. May put
   * files into the pool's directory.
   *
   * @param start as a worker will have it, but for its memory and crash file, which are none yet
   * @throws IllegalArgumentException if what was asked of this sandbox contradicts itself or what
   *     workers need
   * @throws IOException if a file can't be written
   * @since 0.2.0
   */
  default void prepare(Start start) throws IOException {}

  /**
   * Gives the words that go before the command of a worker's JVM. Called for each worker, from
   * several threads.
   *
   * @param start what the worker has to reach
   * @return the words, of which the first is the program: a path, or a name to be found on the
   *     {@code PATH}
   */
  List<String> command(Start start);

  /**
   * Gives the programs that have to be there; the pool looks for each when it is built.
   *
   * @return paths, or names to be found on the {@code PATH}; by default none
   */
  default List<String> programs() {
    return List.of();
  }

  /**
   * Tells whether workers have a folder for temporary files of their own, and can't write to the
   * pool's directory; pools nested in tasks then have theirs in it.
   *
   * @return false, unless overridden
   */
  default boolean hasOwnTemporaryFolder() {
    return false;
  }
}
