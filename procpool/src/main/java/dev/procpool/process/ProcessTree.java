package dev.procpool.process;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The processes that a process has started, and those that these have, as long as it lives. */
public final class ProcessTree {

  private ProcessTree() {}

  /**
   * Gives the processes below one that lives; the process itself is not among them. A handle means
   * the one process, whoever has its number later.
   */
  public static List<ProcessHandle> below(ProcessHandle root) {
    if (!ProcFiles.listsChildren(root.pid())) {
      return root.descendants().toList(); // asks for every process there is
    }
    List<ProcessHandle> found = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    seen.add(root.pid());
    collect(root.pid(), seen, found);
    return found;
  }

  private static void collect(long pid, Set<Long> seen, List<ProcessHandle> found) {
    for (long thread : ProcFiles.threads(pid)) {
      for (long child : ProcFiles.children(pid, thread)) {
        if (seen.add(child)) {
          ProcessHandle.of(child).ifPresent(found::add);
          collect(child, seen, found);
        }
      }
    }
  }

  /**
   * Ends a process, then all below it, in this order: what it starts while its children are being
   * ended would be left. Does not wait for their end.
   */
  public static void destroy(ProcessHandle root) {
    destroy(List.of(root));
  }

  private static List<ProcessHandle> belowIfKnown(ProcessHandle root) {
    try {
      return below(root);
    } catch (RuntimeException | Error e) { // no descriptor for asking, say
      return List.of(); // their mark will tell
    }
  }

  /**
   * The same for several, whose relation does not matter.
   *
   * @return the numbers of all that were told to end
   */
  static Set<Long> destroy(List<ProcessHandle> roots) {
    ArrayDeque<ProcessHandle> left = new ArrayDeque<>(roots);
    Set<Long> seen = new HashSet<>();
    for (ProcessHandle next = left.poll(); next != null; next = left.poll()) {
      List<ProcessHandle> below = belowIfKnown(next); // while it is there
      next.destroyForcibly();
      seen.add(next.pid());
      for (ProcessHandle process : below) {
        if (seen.add(process.pid())) {
          left.add(process);
        }
      }
    }
    return seen;
  }
}
