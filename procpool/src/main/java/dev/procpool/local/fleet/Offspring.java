package dev.procpool.local.fleet;

import dev.procpool.guard.SafeLog;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.engine.HeapReserve;
import dev.procpool.process.MarkedProcesses;
import dev.procpool.process.ProcessMark;
import dev.procpool.process.ProcessTree;
import dev.procpool.process.ShortageException;
import dev.procpool.protocol.SystemRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The processes that tasks have started: they end with their worker, however that ends. What is
 * below a worker that is killed is ended after it; what is below none any more is found by its
 * {@link ProcessMark} once the worker has ended.
 *
 * <p>Thread-safe, guarded by itself. There is one look around for all workers that have ended since
 * the last.
 */
final class Offspring {

  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final boolean isKept;
  private final Executor threads;
  private final Engine engine;
  private final String pool = SystemRandom.word();
  private final AtomicBoolean knowsStrangers = new AtomicBoolean();

  /** Used by whoever has made this busy. */
  private final MarkedProcesses marked = new MarkedProcesses();

  /** The marks of workers that have ended since the last look. */
  private final Set<String> due = new HashSet<>();

  private boolean isBusy;

  /**
   * Makes it.
   *
   * @param isKept whether the processes are to live on
   * @param threads where to kill
   * @param engine looks again each time there is nothing more to do
   */
  Offspring(boolean isKept, Executor threads, Engine engine) {
    this.isKept = isKept;
    this.threads = threads;
    this.engine = engine;
  }

  /** The mark that a worker's process is to have; empty for none. */
  String mark(long worker) {
    return isKept ? "" : ProcessMark.of(pool, worker);
  }

  /**
   * Takes note of the processes that are there before any task runs. Takes time, the first time.
   */
  void noteStrangers() {
    if (!isKept && knowsStrangers.compareAndSet(false, true)) {
      marked.noteStrangers();
    }
  }

  /** Ends a worker's process, then what is below it; does not wait for that. */
  void destroy(Process process) {
    try {
      threads.execute(() -> destroyHere(process));
    } catch (Throwable e) { // no thread to be had, or the pool has ended
      destroyHere(process);
    }
  }

  /** Does the same in this thread. */
  void destroyHere(Process process) {
    try {
      if (!isKept) {
        ProcessTree.destroy(process.toHandle());
      }
    } finally { // if there is no memory for the tree, say
      process.destroyForcibly();
    }
  }

  /**
   * Ends what a worker has left, whose process has ended. Takes time, unless another thread is at
   * it: that one goes on with this.
   */
  void ended(long worker) {
    if (isKept) {
      return;
    }
    synchronized (this) {
      due.add(mark(worker));
      if (isBusy) {
        return;
      }
      isBusy = true;
    }
    endDue();
  }

  /** Whether all is ended that is known to be due. */
  synchronized boolean isIdle() {
    return !isBusy;
  }

  private void endDue() {
    long begin = System.nanoTime();
    boolean hasEnded = false;
    try {
      while (!hasEnded) {
        hasEnded = triedToEndDue(begin);
      }
    } catch (Throwable e) { // the pool must end all the same
      synchronized (this) {
        isBusy = false;
      }
      throw e;
    } finally {
      engine.execute(() -> {}); // which looks whether the pool can end
    }
  }

  /** Does it; false if there was no descriptor or no memory to look with, and may be soon. */
  private boolean triedToEndDue(long begin) {
    try {
      while (true) {
        List<String> marks;
        synchronized (this) {
          marks = List.copyOf(due);
          if (marks.isEmpty()) {
            isBusy = false;
            return true;
          }
        }
        end(marks);
        synchronized (this) {
          marks.forEach(due::remove);
        }
      }
    } catch (RuntimeException | VirtualMachineError | LinkageError e) {
      boolean isShort = e instanceof ShortageException || HeapReserve.isShortage(e);
      if (isShort && engine.reserve().awaitMemoryQuietly(begin)) {
        return false;
      }
      throw e;
    }
  }

  private void end(List<String> marks) {
    List<ProcessHandle> left = marked.end(marks, LIMIT_NANOS);
    if (!left.isEmpty()) {
      SafeLog.log(
          System.Logger.Level.WARNING,
          "processes that tasks started don't end though they were killed: " + left,
          null);
    }
  }
}
