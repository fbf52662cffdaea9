package dev.procpool.nesting;

/** How deep this process's pools are nested in tasks of pools. */
public final class Nesting {

  /** The system property that tells a worker how deep it is. */
  public static final String PROPERTY = "procpool.depth";

  private static final int MAX_DEPTH = 10;

  /** 0 in a process that is no worker. */
  private static final int DEPTH = Integer.getInteger(PROPERTY, 0);

  private Nesting() {}

  /**
   * Tells what this process is.
   *
   * @return whether it is a worker of a pool
   */
  public static boolean isWorker() {
    return DEPTH > 0;
  }

  /**
   * Gives the depth of the workers of a pool made in this process.
   *
   * @return 1 in a process that is no worker
   */
  public static int depthOfWorkers() {
    return DEPTH + 1;
  }

  /**
   * Refuses a pool that is nested too deeply.
   *
   * @throws IllegalStateException if it is
   */
  public static void refuseIfTooDeep() {
    if (depthOfWorkers() > MAX_DEPTH) {
      throw new IllegalStateException(
          "pools are nested more than "
              + MAX_DEPTH
              + " deep: a task that makes a pool runs in a worker of a pool made by a task, and so"
              + " on; make the pool outside the task");
    }
  }
}
