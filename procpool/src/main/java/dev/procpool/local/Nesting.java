package dev.procpool.local;

/** How deep pools are nested in tasks of pools. */
final class Nesting {

  /** The system property that tells a worker how deep it is. */
  static final String PROPERTY = "procpool.depth";

  private static final int MAX_DEPTH = 10;

  private Nesting() {}

  /**
   * Gives the depth of the workers of a pool made in this process.
   *
   * @return 1 in a process that is no worker
   * @throws IllegalStateException if that is too deep
   */
  static int depthOfWorkers() {
    int depth = Integer.getInteger(PROPERTY, 0) + 1;
    if (depth > MAX_DEPTH) {
      throw new IllegalStateException(
          "pools are nested more than "
              + MAX_DEPTH
              + " deep: a task that makes a pool runs in a worker of a pool made by a task, and so"
              + " on; make the pool outside the task");
    }
    return depth;
  }
}
