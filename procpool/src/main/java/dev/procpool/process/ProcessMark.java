package dev.procpool.process;

import java.util.Map;

/**
 * The mark of a worker: a word in its environment, which the processes that its tasks start
 * inherit, and those that these start. So they are found when the worker has ended and nothing else
 * tells that they were its own. After the cookie of Jenkins' {@code ProcessTreeKiller}.
 *
 * <p>A worker of a pool nested in a task has the marks of both, so that the outer worker's end
 * finds all that are below it.
 */
public final class ProcessMark {

  /** The variable of the environment that holds the marks, the outermost first. */
  public static final String VARIABLE = "PROCPOOL_WORKER";

  /** The system property that tells a worker that the processes its tasks start are to live on. */
  public static final String KEEP_PROPERTY = "procpool.keepChildren";

  private static final char END = ';';

  private ProcessMark() {}

  /**
   * Makes the mark of one worker.
   *
   * @param pool a word that no other pool has, on this machine and at any time
   * @param worker the worker's number, which is not used again in the pool
   */
  public static String of(String pool, long worker) {
    return pool + "-" + worker + END; // with an end, else 1 would be found in 11
  }

  /**
   * Puts marks in an environment: those that this process has itself, whatever else is inherited,
   * and one more.
   *
   * @param mark the worker's; empty if what its tasks start is to live on
   */
  public static void put(Map<String, String> environment, String mark) {
    String outer = System.getenv(VARIABLE);
    String marks = (outer == null ? "" : outer) + mark;
    if (marks.isEmpty()) {
      environment.remove(VARIABLE);
    } else {
      environment.put(VARIABLE, marks);
    }
  }

  /** Gives this process's own mark; empty if it has none, or may not use it. */
  public static String own() {
    String marks = System.getenv(VARIABLE);
    if (marks == null || marks.isEmpty() || Boolean.getBoolean(KEEP_PROPERTY)) {
      return "";
    }
    return marks.substring(marks.lastIndexOf(END, marks.length() - 2) + 1);
  }
}
