package dev.procpool;

import java.util.Optional;

/**
 * Where the lines go that workers print on standard output and standard error.
 *
 * <p>Called with whole lines, those of one stream of one worker in their order, from several
 * threads at a time. What native code and child processes of a worker write to its streams comes
 * here too. A line of more than 64 KiB comes in several pieces; what is no UTF-8 is replaced by
 * U+FFFD.
 *
 * <p>A slow consumer slows the workers that print, once the system's pipe is full (64 KiB on
 * Linux), and nothing else; no line is dropped and no more memory is used. An exception or error
 * that the consumer throws is logged, once for each stream, and harms nothing.
 */
@FunctionalInterface
public interface WorkerOutput {

  /**
   * A line that a worker printed. Immutable.
   *
   * @param workerNumber the worker's number in its pool
   * @param pid its process
   * @param isError whether it came on standard error
   * @param text the line, decoded as UTF-8, without its end
   * @param item the item that the worker was running when it printed the beginning of the line.
   *     This is exact for all that goes through {@link System#out} and {@link System#err}, from
   *     whatever thread of the worker; empty for what is printed while no item runs, and for what
   *     is written past those streams: by native code, by a child process, by the JVM itself, or
   *     through a stream that a task has put in their place
   */
  record Line(
      int workerNumber, long pid, boolean isError, String text, Optional<RunningItem> item) {}

  /**
   * Takes a line.
   *
   * @param line the line
   */
  void accept(Line line);

  /**
   * Tells whether lines are to name their item. If not, {@link Line#item()} is always empty and
   * workers print to standard output without saying what they run, which saves 38 bytes for each
   * piece of output of up to 4 KiB. Asked once, when the pool is made.
   *
   * @return true, unless overridden
   */
  default boolean wantsItems() {
    return true;
  }

  /**
   * Gives the default: lines come out of this process's own {@link System#out} and {@link
   * System#err}.
   *
   * @return the output
   */
  static WorkerOutput passThrough() {
    return new PlainOutput(line -> (line.isError() ? System.err : System.out).println(line.text()));
  }

  /**
   * Gives an output that drops everything. The last lines are still read and kept, for messages
   * about workers that die.
   *
   * @return the output
   */
  static WorkerOutput discard() {
    return new PlainOutput(line -> {});
  }
}
