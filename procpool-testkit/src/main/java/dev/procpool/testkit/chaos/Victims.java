package dev.procpool.testkit.chaos;

import dev.procpool.WorkerExit;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * The worker processes that were hit from outside, and how; on a cluster also with their executor.
 * Thread-safe.
 */
public final class Victims {

  /** Pauses that a pool must notice are longer. */
  private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How a pool on a cluster tells of a lost executor. */
  private static final String EXECUTOR = "procpool: executor ";

  /** How much of a pause may count. */
  private static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private record Pause(long pid, long from, long to) {

    /** How much of the time between, of which nothing may count, it took surely. */
    long within(long begin, long end) {
      long nanos = Math.min(to, end) - Math.max(from, begin);
      return to - from < LEAST_NANOS ? 0 : Math.max(0, nanos - MARGIN_NANOS);
    }
  }

  private final Map<Long, Boolean> killed = new ConcurrentHashMap<>();
  private final Queue<Pause> pauses = new ConcurrentLinkedQueue<>();
  private volatile boolean hasExecutors;

  /** Makes it: nobody was hit. */
  public Victims() {}

  /**
   * Said before an executor is hit, or cut off, so that no outcome can be earlier. Its workers are
   * to be told as killed, those too that it starts until it ends.
   */
  public void killingExecutor() {
    hasExecutors = true;
  }

  /** Whether an item was lost because its executor was, and that may be due to what came. */
  boolean isWithExecutor(WorkerExit exit) {
    return hasExecutors
        && (exit.pid() == 0 || wereHit(exit.pid()))
        && exit.stderrTail().stream().anyMatch(line -> line.startsWith(EXECUTOR));
  }

  /**
   * Said before the signal is sent, so that no outcome can be earlier.
   *
   * @param pid the process
   */
  public void killing(long pid) {
    killed.put(pid, true);
  }

  /**
   * The same for one that is stopped and goes on before it can be taken for frozen.
   *
   * @param pid the process
   */
  public void pausing(long pid) {
    killed.putIfAbsent(pid, false);
  }

  /**
   * Says that one was stopped from then till then surely.
   *
   * @param pid the process
   * @param from when it began, by {@link System#nanoTime()}
   * @param to when it ended
   */
  public void paused(long pid, long from, long to) {
    pauses.add(new Pause(pid, from, to));
  }

  /** For how long a process was surely stopped between two times. */
  long pausedNanos(long pid, long begin, long end) {
    return pauses.stream()
        .filter(pause -> pause.pid() == pid)
        .mapToLong(pause -> pause.within(begin, end))
        .sum();
  }

  boolean wereHit(long pid) {
    return killed.containsKey(pid);
  }

  /** Whether such an end may be due to what came from outside. */
  boolean explain(WorkerExit exit) {
    boolean isPause = Boolean.FALSE.equals(killed.get(exit.pid()));
    return wereHit(exit.pid()) && (!isPause || exit.reason() == WorkerExit.Reason.FROZEN);
  }

  int count() {
    return killed.size();
  }
}
