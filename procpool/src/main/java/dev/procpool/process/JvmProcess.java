package dev.procpool.process;

import java.util.List;

/** Finds the JVM among the processes of a sandbox that does not replace itself by it. On Linux. */
public final class JvmProcess {

  private static final String NAME = "java";

  private JvmProcess() {}

  /**
   * Gives the JVM that a process is, or has started in the end; if it can't be found, the same.
   *
   * @return 0 if there is no descriptor to ask with
   */
  public static long of(long pid) {
    try {
      long found = pid;
      while (!isJvm(found)) {
        List<ProcessHandle> children =
            ProcessTree.handle(found).map(ProcessTree::children).orElse(List.of());
        if (children.size() != 1) {
          return pid;
        }
        found = children.get(0).pid();
      }
      return found;
    } catch (ShortageException e) {
      return 0;
    }
  }

  private static boolean isJvm(long pid) {
    String name = ProcFiles.read("/proc/" + pid + "/comm");
    return name == null || name.strip().equals(NAME); // it has ended, or the system does not tell
  }
}
