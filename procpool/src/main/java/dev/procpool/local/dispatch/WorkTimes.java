package dev.procpool.local.dispatch;

import dev.procpool.PoolStats;
import dev.procpool.PoolStats.WorkerTime;
import dev.procpool.local.call.CallPhases;
import dev.procpool.local.call.CallPhases.Phase;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Worker;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * Where the time of workers goes. Costs nothing per item: a worker's own sum of run times comes
 * with its reports, and times are taken where one becomes idle, or gets something to do.
 *
 * <p>Owned by the engine's thread, but for {@link #last}. All times are the engine's {@link
 * System#nanoTime()}: of two clocks one would be behind the other.
 */
@SuppressWarnings("EnumOrdinal") // a sum for each phase
final class WorkTimes {

  private final CallPhases phases;
  private final PerWorker<Spells> spells;
  private final long[] sums = new long[CallPhases.COUNT];

  /** Of processes that have ended, by the worker's number. */
  private final TreeMap<Integer, WorkerTime> ended = new TreeMap<>();

  private volatile List<WorkerTime> last = List.of();
  private volatile long lastCallNanos;

  WorkTimes(CallPhases phases, PerWorker<Spells> spells) {
    this.phases = phases;
    this.spells = spells;
  }

  /** A worker gets items from now on. */
  void begun(Worker worker, long now) {
    Spells its = spells.put(worker, new Spells());
    its.begun = now;
    idle(its, now);
  }

  /** A worker has nothing to do. */
  void idle(Worker worker, long now) {
    Spells its = spells.get(worker);
    if (its != null && !its.isIdle && !its.isOver) {
      idle(its, now);
    }
  }

  private void idle(Spells its, long now) {
    its.isIdle = true;
    phases.sums(now, its.marks);
  }

  /** A worker that had nothing to do was given something. */
  void given(Worker worker, long now) {
    Spells its = spells.get(worker);
    if (its != null && its.isIdle) {
      its.isIdle = false;
      addWaits(its, now, its.waits);
    }
  }

  private void addWaits(Spells its, long now, long[] to) {
    phases.sums(now, sums);
    for (int i = 0; i < sums.length; i++) {
      to[i] += sums[i] - its.marks[i];
    }
  }

  /** A worker gets no more: what it does from now on until its end is not counted. */
  void over(Worker worker, long now) {
    Spells its = spells.get(worker);
    if (its != null && !its.isOver) {
      given(worker, now);
      its.isOver = true;
      its.over = now;
    }
  }

  /**
   * A worker's process has ended.
   *
   * @param ranNanos for how long it has been at the item that it was at
   */
  void gone(Worker worker, long ranNanos, long now) {
    over(worker, now);
    WorkerTime its = of(worker, ranNanos, now);
    ended.merge(its.number(), its, WorkerTime::plus);
    publish(List.copyOf(ended.values()), now);
  }

  private void publish(List<WorkerTime> times, long now) {
    last = times;
    lastCallNanos = phases.callNanos(now);
  }

  private WorkerTime of(Worker worker, long ranNanos, long now) {
    Spells its = spells.get(worker);
    long start = worker.startTimes().startNanos(now);
    long initializer = worker.startTimes().initializerNanos(now);
    if (its == null) {
      return new WorkerTime(worker.number(), 1, start, initializer, 0, 0, 0, 0, 0, 0);
    }
    long[] waits = its.waits.clone();
    if (its.isIdle) {
      addWaits(its, now, waits);
    }
    long work = worker.workNanos() + ranNanos;
    long handover = (its.isOver ? its.over : now) - its.begun - work - Arrays.stream(waits).sum();
    long spare =
        worker.startTimes().ageNanos(its.begun) - start - initializer; // ready, and not in use
    waits[Phase.REST.ordinal()] += Math.max(0, spare);
    return new WorkerTime(
        worker.number(),
        1,
        start,
        initializer,
        work,
        waits[Phase.INPUT.ordinal()],
        waits[Phase.OUTPUT.ordinal()],
        waits[Phase.TAIL.ordinal()],
        waits[Phase.REST.ordinal()],
        Math.max(0, handover));
  }

  /** Tells of all workers that there are and were. */
  PoolStats.Times stats(
      Collection<Worker> workers, Activity activity, long now, long chunks, int mostItems) {
    TreeMap<Integer, WorkerTime> all = new TreeMap<>(ended);
    for (Worker worker : workers) {
      if (!worker.isGone()) {
        WorkerTime its = of(worker, activity.unreportedNanos(worker), now);
        all.merge(its.number(), its, WorkerTime::plus);
      }
    }
    List<WorkerTime> times = List.copyOf(all.values());
    publish(times, now);
    return new PoolStats.Times(times, lastCallNanos, chunks, mostItems);
  }

  /** Tells what was known when a process ended last, or somebody asked; from any thread. */
  PoolStats.Times last(long chunks, int mostItems) {
    return new PoolStats.Times(last, lastCallNanos, chunks, mostItems);
  }

  /** What is kept of one worker. Times are by {@link System#nanoTime()}. */
  static final class Spells {

    private long begun;
    private boolean isIdle;

    /** How long each phase had lasted when it became idle. */
    private final long[] marks = new long[CallPhases.COUNT];

    /** How long it was idle in each phase. */
    private final long[] waits = new long[CallPhases.COUNT];

    private boolean isOver;
    private long over;
  }
}
