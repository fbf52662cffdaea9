package dev.procpool.process;

/**
 * Whether a child of this JVM has ended, by whoever knows it. The JDK has a thread for each child
 * that tells its {@link Process} of the end. That thread may die for lack of memory; then the
 * {@code Process} never says that it has ended, and who waits for that waits for ever. The system
 * knows all the same.
 */
public final class ProcessEnd {

  /** What shells say of one that was killed by SIGKILL. */
  private static final int KILLED = 128 + 9;

  private ProcessEnd() {}

  /**
   * Tells whether a process has ended.
   *
   * @param process a child of this JVM
   * @return whether it has
   */
  public static boolean isOver(Process process) {
    return !process.isAlive() || !process.toHandle().isAlive() || isZombie(process.pid());
  }

  private static boolean isZombie(long pid) {
    ProcStat stat = ProcStat.of(Long.toString(pid));
    return stat != null && stat.state() == 'Z';
  }

  /**
   * Gives the exit status of a process that is over.
   *
   * @param process a child of this JVM
   * @return its status; that of one that was killed, if the JDK has not heard of its end
   */
  public static int status(Process process) {
    try {
      return process.exitValue();
    } catch (IllegalThreadStateException e) {
      return KILLED;
    }
  }
}
