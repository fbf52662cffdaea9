package dev.procpool.process;

import dev.procpool.guard.Uninterrupted;

/**
 * A process that this one has started and knows nothing of: the system has made it, and then there
 * was no memory for its {@link Process}. It waits for what nobody will tell it. Without state.
 */
public final class LostChild {

  private LostChild() {}

  /**
   * Ends the children that have a mark in their environment; does nothing where that can't be read.
   *
   * @param mark the mark, not empty
   * @param limitNanos so long it is tried while there is no memory or descriptor for it
   */
  public static void end(String mark, long limitNanos) {
    Uninterrupted.until(() -> isEnded(mark), limitNanos);
  }

  /** Tries it: false if there was no memory or no descriptor. */
  private static boolean isEnded(String mark) {
    try {
      boolean isEnded = true;
      for (ProcessHandle child : ProcessTree.children(ProcessHandle.current())) {
        String environment = ProcFiles.environment(child.pid());
        if (environment == null) {
          isEnded &= !ProcFiles.mayRead(child.pid(), "environ"); // not just now
        } else if (environment.contains(mark)) {
          isEnded &= child.destroyForcibly() || ProcFiles.hasEnded(child.pid());
        }
      }
      return isEnded;
    } catch (RuntimeException | VirtualMachineError | LinkageError e) {
      return false;
    }
  }
}
