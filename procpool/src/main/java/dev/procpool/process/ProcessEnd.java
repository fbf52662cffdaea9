package dev.procpool.process;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether a child of this JVM has ended, by whoever knows it. The JDK has a thread for each child
 * that tells its {@link Process} of the end. That thread may die for lack of memory; then the
 * {@code Process} never says that it has ended, and who waits for that waits for ever. The system
 * knows all the same.
 *
 * <p>What a {@link ProcessHandle} says is no help: where there is no descriptor to ask the system
 * with, it says of every process that it is not alive.
 */
public final class ProcessEnd {

  /** What shells say of one that was killed by SIGKILL. */
  private static final int KILLED = 128 + 9;

  private static final long KILL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** How long a kill is tried that nobody else sees to. */
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(1);

  private ProcessEnd() {}

  /** Kills a process that nobody else knows of, and waits for its end: {@link #forceAll} of one. */
  public static void force(Process process) {
    forceAll(List.of(process));
  }

  /**
   * Kills processes that nobody else knows of, side by side, and waits for their end, through
   * interrupts; for a minute at most, however many there are. The JDK kills none, and does not say
   * so, while there is no descriptor to ask with whether it is still the same; so it is tried
   * again.
   */
  public static void forceAll(Collection<? extends Process> processes) {
    boolean isInterrupted = false;
    boolean haveEnded = false;
    long begin = System.nanoTime();
    while (!haveEnded && System.nanoTime() - begin < LIMIT_NANOS) {
      try {
        for (Process process : processes) { // no lambda: to make one takes memory
          process.destroyForcibly();
        }
        haveEnded = haveEnded(processes, System.nanoTime() + KILL_NANOS);
      } catch (InterruptedException e) {
        isInterrupted = true;
      } catch (VirtualMachineError | LinkageError e) { // no memory
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until the deadline: for all of them together, so that none is killed again late. */
  private static boolean haveEnded(Collection<? extends Process> processes, long deadline)
      throws InterruptedException {
    boolean all = true;
    for (Process process : processes) {
      long left = Math.max(0, deadline - System.nanoTime());
      all &= process.waitFor(left, TimeUnit.NANOSECONDS) || isOver(process);
    }
    return all;
  }

  /**
   * Tells whether a process has ended.
   *
   * @param process a child of this JVM
   * @return whether it has; false if there is no descriptor to ask with
   */
  public static boolean isOver(Process process) {
    if (!process.isAlive()) {
      return true;
    }
    if (!ProcFiles.isThere()) {
      return !process.toHandle().isAlive();
    }
    try {
      return ProcFiles.hasEnded(process.pid());
    } catch (ShortageException e) {
      return false;
    }
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
