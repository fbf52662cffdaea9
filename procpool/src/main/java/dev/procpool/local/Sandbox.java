package dev.procpool.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A command that starts the JVM of a worker with fewer rights: words that go before those of the
 * JVM, for {@link ProcessPool.Builder#sandbox}.
 *
 * <pre>{@code
 * ProcessPool.builder()
 *     .sandbox(Sandbox.prlimit().processorTime(Duration.ofMinutes(10)).around(Sandbox.bubblewrap()))
 *     .inheritEnvironment(false)
 * }</pre>
 *
 * <p>The command must in the end replace itself by the JVM, or start it as its only child and end
 * with its exit status; it must leave standard input, output and error to it; and it must let the
 * worker reach what {@link Start} names. Whatever it does, the pool kills the process and all that
 * descend from it when a worker is to end.
 *
 * <p>Implementations are immutable.
 */
@FunctionalInterface
public interface Sandbox {

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
      return directory.resolve(PoolDirectory.SECLUDED);
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
   * Gives the programs that have to be there. {@link ProcessPool.Builder#build} looks for each.
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

  /**
   * Puts another sandbox within this one.
   *
   * @param inner what this starts, and what starts the JVM
   * @return both
   */
  default Sandbox around(Sandbox inner) {
    return new NestedSandbox(this, inner);
  }

  /**
   * Makes a sandbox of fixed words.
   *
   * @param program the program: a path, or a name to be found on the {@code PATH}
   * @param options its options, up to where the command begins that it is to run
   * @return the sandbox
   */
  static Sandbox of(String program, String... options) {
    List<String> words = new ArrayList<>();
    words.add(program);
    words.addAll(List.of(options));
    return new FixedSandbox(List.copyOf(words));
  }

  /**
   * Gives limits of the system on Linux, by {@code prlimit} of util-linux. Without more said it
   * limits nothing.
   *
   * @return the limits
   */
  static Prlimit prlimit() {
    return new Prlimit(0, 0, 0);
  }

  /**
   * Gives namespaces of Linux, by bubblewrap ({@code bwrap}): no network, no files but those that a
   * JVM and its classes need, temporary folders of the worker's own, and no process in sight but
   * its own. {@link Bubblewrap#readable} and {@link Bubblewrap#writable} show more.
   *
   * @return the sandbox
   */
  static Bubblewrap bubblewrap() {
    return Bubblewrap.byDefault();
  }
}
