package dev.procpool.testkit.chaos;

import dev.procpool.Pool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/** Where a chaos run takes place: this machine, or a cluster. Used by one round at a time. */
public interface ChaosSite {

  /**
   * Begins a round.
   *
   * @param plan what the round does
   * @return where it does it
   * @throws IOException if a file can't be written
   */
  Scene open(ChaosPlan plan) throws IOException;

  /**
   * Does what a run does besides rounds, every few of them.
   *
   * @param seeds what it follows from
   * @return the faults
   * @throws IOException if a file can't be written
   * @throws InterruptedException if this thread was interrupted
   */
  default List<String> extras(SplittableRandom seeds) throws IOException, InterruptedException {
    return List.of();
  }

  /** A round's place, with its pool. */
  interface Scene extends AutoCloseable {

    /**
     * A file that items can write to.
     *
     * @param name its name
     * @return its path
     */
    Path file(String name);

    /**
     * Makes the round's pool; to be called once.
     *
     * @return the pool
     * @throws IOException if a file can't be written
     */
    Pool pool() throws IOException;

    /**
     * Begins to torment the pool.
     *
     * @param completed counts the items that have ended
     * @return what ends it
     */
    Torment torment(IntSupplier completed);

    /**
     * How long nothing at all may happen.
     *
     * @return more than any recovery from what the torment does may take
     */
    Duration patience();

    /**
     * Lists what of the pool is left after its end; waits a while for it to go.
     *
     * @return a line for each process, thread or file
     * @throws IOException if a folder can't be read
     * @throws InterruptedException if this thread was interrupted
     */
    List<String> leftovers() throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
  }

  /** What hits a pool from outside, on a thread of its own. */
  interface Torment {

    /**
     * Ends it; nothing is hit after this.
     *
     * @throws InterruptedException if this thread was interrupted
     */
    void end() throws InterruptedException;

    /**
     * Who was hit.
     *
     * @return the processes
     */
    Victims victims();

    /**
     * How often what was done; once it is ended.
     *
     * @return the counts by what was done
     */
    Map<String, Integer> counts();
  }
}
