package dev.procpool.process;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The processes that a process has started, and those that these have, as long as it lives.
 *
 * <p>What the JDK tells of them lacks, where descriptors are short, those that it can't ask: it
 * says neither that nor how many. So Linux is asked here.
 */
public final class ProcessTree {

  private ProcessTree() {}

  /**
   * Gives the processes below one that lives; the process itself is not among them. A handle means
   * the one process, whoever has its number later.
   *
   * @throws RuntimeException if there is no descriptor for asking
   */
  public static List<ProcessHandle> below(ProcessHandle root) {
    if (!ProcFiles.isThere()) {
      return root.descendants().toList();
    }
    Family family = new Family();
    List<ProcessHandle> found = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    seen.add(root.pid());
    collect(family, root.pid(), seen, found);
    return found;
  }

  /**
   * Gives the processes that one has started itself and that live.
   *
   * @throws RuntimeException if there is no descriptor for asking
   */
  static List<ProcessHandle> children(ProcessHandle parent) {
    if (!ProcFiles.isThere()) {
      return parent.children().toList();
    }
    List<ProcessHandle> found = new ArrayList<>();
    for (long child : new Family().children(parent.pid())) {
      handle(child).ifPresent(found::add);
    }
    return found;
  }

  /**
   * Gives the process that has a number.
   *
   * @return nothing if it has ended
   * @throws RuntimeException if there is no descriptor for asking
   */
  static Optional<ProcessHandle> handle(long pid) {
    Optional<ProcessHandle> handle = ProcessHandle.of(pid);
    if (handle.isPresent() || !ProcFiles.isThere() || ProcFiles.hasEnded(pid)) {
      return handle;
    }
    handle = ProcessHandle.of(pid); // there was no descriptor, and now there is
    if (handle.isEmpty() && !ProcFiles.hasEnded(pid)) {
      throw new ShortageException("process " + pid);
    }
    return handle;
  }

  private static void collect(Family family, long pid, Set<Long> seen, List<ProcessHandle> found) {
    for (long child : family.children(pid)) {
      if (seen.add(child)) {
        handle(child).ifPresent(found::add);
        collect(family, child, seen, found);
      }
    }
  }

  /** Who has started whom, as Linux tells. */
  private static final class Family {

    private final Map<Long, List<Long>> known = new HashMap<>();
    private final boolean isListed = ProcFiles.listsChildren(ProcessHandle.current().pid());

    Family() {
      if (!isListed) { // every process there is has to be asked for its parent
        for (long pid : ProcFiles.all()) {
          known.computeIfAbsent(ProcFiles.parent(pid), parent -> new ArrayList<>()).add(pid);
        }
      }
    }

    List<Long> children(long pid) {
      if (!isListed) {
        return known.getOrDefault(pid, List.of());
      }
      List<Long> children = new ArrayList<>();
      for (long thread : ProcFiles.threads(pid)) {
        for (long child : ProcFiles.children(pid, thread)) {
          children.add(child);
        }
      }
      return children;
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
