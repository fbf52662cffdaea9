package dev.procpool.local.dispatch;

import dev.procpool.PoolStats;
import dev.procpool.local.call.OpenCalls;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.Kill;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.service.MemoryLimit;
import dev.procpool.protocol.ToWorker;
import dev.procpool.scheduler.Scheduler;
import dev.procpool.scheduler.SentChunk;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;

/**
 * The workers in use, from when they can be given items until they are given no more. Of those that
 * have finished items the scheduler hears once a round, and not once an item; those that have done
 * enough are retired.
 *
 * <pre>
 * retired    the scheduler lets one go that has nothing left to do: it is stopped
 * given up   somebody has a reason to kill one, whatever it is at
 * </pre>
 *
 * <p>Owned by the engine's thread, but for {@link #lastTimes}.
 */
final class Activity {

  private final Engine engine;
  private final Fleet fleet;
  private final Scheduler scheduler;
  private final TaskSender sender;
  private final MemoryLimit memory;
  private final int mostItems;
  private final PerWorker<Busy> activities;
  private final WorkTimes times;
  private final ArrayDeque<Worker> progressed = new ArrayDeque<>();

  /**
   * Makes it.
   *
   * @param mostItems how many items a worker runs in its life; 0 for any number
   */
  Activity(
      Engine engine,
      Fleet fleet,
      OpenCalls calls,
      Scheduler scheduler,
      TaskSender sender,
      MemoryLimit memory,
      int mostItems) {
    this.engine = engine;
    this.fleet = fleet;
    this.scheduler = scheduler;
    this.sender = sender;
    this.memory = memory;
    this.mostItems = mostItems;
    this.activities = fleet.perWorker();
    this.times = new WorkTimes(calls.phases(), fleet.perWorker());
  }

  /** A worker can be given items. */
  void begun(Worker worker) {
    times.begun(worker, engine.nanoTime());
  }

  /** Asks a worker for what it has not started of a chunk. */
  void recall(Worker worker, SentChunk chunk) {
    sender.sendAbout(worker, ToWorker.RECALL, chunk);
  }

  /** A worker was retired, and has nothing left to do. */
  void retired(Worker worker) {
    times.over(worker, engine.nanoTime());
    fleet.stop(worker);
  }

  /**
   * Gives a worker up: it is killed, gets nothing more, and is asked for what it has not started,
   * which it may still give back. The first reason given counts.
   */
  void giveUp(Worker worker, Kill why) {
    if (!worker.isGone()) {
      fleet.kill(worker, why); // first: whatever fails from here on, its end is seen to
      times.over(worker, engine.nanoTime());
      for (SentChunk chunk : scheduler.giveUp(worker.id())) {
        recall(worker, chunk);
      }
    }
  }

  /** A worker's process has ended. */
  void gone(Worker worker) {
    times.gone(worker, unreportedNanos(worker), engine.nanoTime());
  }

  /** A worker was given items. */
  void given(Worker worker) {
    Busy activity = of(worker);
    if (activity.since == 0) {
      activity.since = engine.nanoTime();
      times.given(worker, activity.since);
    }
  }

  /** A worker has reported items. */
  void reported(Worker worker) {
    Busy activity = of(worker);
    if (!activity.isQueued) {
      activity.isQueued = true;
      progressed.add(worker);
    }
  }

  /** Goes on with all that have. */
  void round(long now) {
    for (Worker worker = progressed.poll(); worker != null; worker = progressed.poll()) {
      Busy activity = of(worker);
      activity.isQueued = false;
      scheduler.progressed(worker.id(), now);
      boolean idle = scheduler.workers().isIdle(worker.id());
      long reported = engine.nanoTime();
      activity.since = idle ? 0 : reported;
      if (idle) {
        times.idle(worker, reported);
      }
      memory.progressed(worker, idle, now);
      if (mostItems > 0 && worker.itemsDone() >= mostItems) {
        scheduler.retire(worker.id());
      }
    }
  }

  /** For how long a worker's item has run, stopped or not, as workers tell of items. */
  Duration ran(Worker worker) {
    return Duration.ofNanos(engine.nanoTime() - of(worker).since);
  }

  /** How long a worker has been at what is not in the run times that it has reported. */
  long unreportedNanos(Worker worker) {
    Busy activity = of(worker);
    return activity.since == 0 || activity.isQueued ? 0 : engine.nanoTime() - activity.since;
  }

  /** Whether a worker has something to do. */
  boolean isBusy(Worker worker) {
    return of(worker).since != 0;
  }

  /** Where the time of these workers, and of those before them, went. */
  PoolStats.Times times(Collection<Worker> workers, long chunks) {
    return times.stats(workers, this, engine.nanoTime(), chunks, mostItems);
  }

  /** The same as it was known last; from any thread. */
  PoolStats.Times lastTimes(long chunks) {
    return times.last(chunks, mostItems);
  }

  private Busy of(Worker worker) {
    Busy known = activities.get(worker);
    return known == null ? activities.put(worker, new Busy()) : known;
  }

  /** What one worker is at. */
  private static final class Busy {

    /** When it got something to do, or finished an item, by {@link System#nanoTime()}. */
    private long since;

    private boolean isQueued;
  }
}
