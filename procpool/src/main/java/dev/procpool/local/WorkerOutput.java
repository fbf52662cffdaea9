package dev.procpool.local;

/**
 * Where the lines go that workers print on standard output and standard error.
 *
 * <p>Called with whole lines, those of one stream of one worker in their order, from several
 * threads at a time. A slow consumer slows the workers that print, and nothing else.
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
   */
  record Line(int workerNumber, long pid, boolean isError, String text) {}

  /**
   * Takes a line.
   *
   * @param line the line
   */
  void accept(Line line);

  /**
   * Gives the default: lines come out of this process's own {@link System#out} and {@link
   * System#err}.
   *
   * @return the output
   */
  static WorkerOutput passThrough() {
    return line -> (line.isError() ? System.err : System.out).println(line.text());
  }

  /**
   * Gives an output that drops everything. The last lines of standard error are still kept for
   * messages.
   *
   * @return the output
   */
  static WorkerOutput discard() {
    return line -> {};
  }
}
