package dev.procpool.process;

import dev.procpool.guard.Uninterrupted;
import dev.procpool.time.AwakeClock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds and ends the processes that workers left when they ended, by the {@link ProcessMark} in
 * their environment. On Linux; elsewhere it finds none.
 *
 * <p>When a process ends, those that it has started become children of process 1 or of another
 * ancestor of ours that asked for them. So the children of our ancestors are looked at and no
 * others, and of these not those that were there before: to read an environment takes long.
 *
 * <p>For one thread at a time, but {@link #noteStrangers}, which any may call.
 */
public final class MarkedProcesses {

  private static final long FIRST_PAUSE_NANOS = 200_000;
  private static final long LONGEST_PAUSE_NANOS = 10_000_000;

  /** How often a process is looked at again that is just beginning to run another program. */
  private static final int MOST_LOOKS_AT_UNCLEAR = 8;

  private static final String VARIABLE = ProcessMark.VARIABLE + "=";

  /** Those that are none of any pool's. */
  private volatile Set<Long> strangers = Set.of();

  /** Whether the last look met processes whose environment was not there yet. */
  private boolean someUnclear;

  /** Makes one that has not looked at any process yet. */
  public MarkedProcesses() {}

  /** Takes note of who is there before the first worker can have started anything. */
  public void noteStrangers() {
    strangers = candidates();
  }

  /**
   * Ends all that have one of these marks, with all below them, and waits until they have ended.
   *
   * @param limitNanos the longest time to try
   * @return those that have not ended by then
   * @throws RuntimeException if there is no descriptor to look with; some may be left then
   */
  public List<ProcessHandle> end(Collection<String> marks, long limitNanos) {
    AwakeClock clock = new AwakeClock();
    long deadline = clock.now() + limitNanos;
    long pause = FIRST_PAUSE_NANOS;
    int unclear = 0;
    Set<Long> killed = new HashSet<>();
    while (true) {
      List<ProcessHandle> found = find(marks);
      unclear = found.isEmpty() ? unclear + 1 : 0;
      removeEnded(killed);
      boolean isSure = killed.isEmpty() && (!someUnclear || unclear > MOST_LOOKS_AT_UNCLEAR);
      if (found.isEmpty() && isSure) {
        return found;
      }
      killed.addAll(ProcessTree.destroy(found)); // once at least, however late it is
      if (clock.now() - deadline >= 0) {
        return found;
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }
  }

  private static void removeEnded(Set<Long> pids) {
    for (Iterator<Long> each = pids.iterator(); each.hasNext(); ) { // a first lambda takes long
      if (ProcFiles.hasEnded(each.next())) {
        each.remove();
      }
    }
  }

  private List<ProcessHandle> find(Collection<String> marks) {
    List<ProcessHandle> found = new ArrayList<>();
    Set<Long> others = new HashSet<>();
    someUnclear = false;
    for (long pid : candidates()) {
      if (strangers.contains(pid)) {
        others.add(pid);
        continue;
      }
      String environment = ProcFiles.environment(pid);
      if (environment == null) {
        if (ProcFiles.mayRead(pid, "environ")) { // it could not be opened just now
          someUnclear = true;
        } else if (ProcFiles.exists(pid)) { // another user's
          others.add(pid);
        }
      } else if (environment.isEmpty()) {
        someUnclear |= !ProcFiles.isEnding(pid);
      } else if (hasOneOf(marks, environment)) {
        same(pid, marks).ifPresent(found::add);
      } else if (!environment.contains(VARIABLE)) {
        others.add(pid);
      }
    }
    strangers = others; // without those that are gone, whose numbers others may get
    return found;
  }

  /** Gives the process that has one of these marks, unless another has its number by now. */
  private static Optional<ProcessHandle> same(long pid, Collection<String> marks) {
    Optional<ProcessHandle> handle = ProcessTree.handle(pid);
    String environment = ProcFiles.environment(pid);
    return handle.filter(process -> environment != null && hasOneOf(marks, environment));
  }

  private static boolean hasOneOf(Collection<String> marks, String environment) {
    for (String mark : marks) {
      if (environment.contains(mark)) {
        return true;
      }
    }
    return false;
  }

  /** The processes among which are those that have lost their parent. */
  private static Set<Long> candidates() {
    Set<Long> pids = new HashSet<>();
    ProcessHandle self = ProcessHandle.current();
    if (ProcFiles.listsChildren(1)) {
      add(pids, ProcFiles.children(1, 1));
      for (long pid = self.pid(); pid != 0; pid = ProcFiles.parent(pid)) {
        add(pids, ProcFiles.children(pid, pid)); // an orphan's parent is its first thread
      }
    } else { // the system does not tell, or hides others' processes from us
      add(pids, ProcFiles.all());
    }
    pids.remove(self.pid());
    return pids;
  }

  private static void add(Set<Long> pids, long[] more) {
    for (long pid : more) {
      pids.add(pid);
    }
  }

  /**
   * Ends those of the processes below this one, a worker, that nobody would find once it has ended:
   * those without its mark. The others wait, since its shutdown hooks may need them.
   *
   * @param limitNanos the longest time to try, if there is no descriptor or no memory for it
   */
  public static void endUnmarked(long limitNanos) {
    if (!Boolean.getBoolean(ProcessMark.KEEP_PROPERTY)) {
      Uninterrupted.until(() -> could(MarkedProcesses::endUnmarked), limitNanos);
    }
  }

  private static void endUnmarked() {
    String own = ProcessMark.own();
    for (ProcessHandle process : ProcessTree.below(ProcessHandle.current())) {
      String environment = ProcFiles.environment(process.pid());
      if (own.isEmpty() || environment == null || !environment.contains(own)) {
        ProcessTree.destroy(process);
      }
    }
  }

  /**
   * Ends what this process, a worker, has started: for its own end when nobody else does it.
   *
   * @param limitNanos the longest time to try
   */
  public static void endOwn(long limitNanos) {
    if (Boolean.getBoolean(ProcessMark.KEEP_PROPERTY)) {
      return;
    }
    Uninterrupted.until(() -> could(() -> endOwnNow(limitNanos)), limitNanos);
  }

  private static void endOwnNow(long limitNanos) {
    ProcessTree.destroy(ProcessTree.below(ProcessHandle.current()));
    String mark = ProcessMark.own();
    if (!mark.isEmpty()) {
      new MarkedProcesses().end(List.of(mark), limitNanos);
    }
  }

  /** Tries something: false if there was no memory or no descriptor. */
  private static boolean could(Runnable work) {
    try {
      work.run();
      return true;
    } catch (ShortageException | VirtualMachineError | LinkageError e) {
      return false;
    }
  }
}
