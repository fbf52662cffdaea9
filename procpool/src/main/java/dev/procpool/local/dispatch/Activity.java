package dev.procpool.local.dispatch;

import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.service.MemoryLimit;
import dev.procpool.scheduler.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * The workers that have finished items: once a round, and not once an item, the scheduler hears of
 * each, and those that have done enough are retired.
 *
 * <p>Owned by the engine's thread.
 */
final class Activity {

  private final Schedule schedule;
  private final MemoryLimit memory;
  private final int mostItems;
  private final PerWorker<Busy> activities;
  private final ArrayDeque<Worker> progressed = new ArrayDeque<>();

  /**
   * Makes it.
   *
   * @param mostItems how many items a worker runs in its life; 0 for any number
   */
  Activity(Fleet fleet, Schedule schedule, MemoryLimit memory, int mostItems) {
    this.schedule = schedule;
    this.memory = memory;
    this.mostItems = mostItems;
    this.activities = fleet.perWorker();
  }

  /** A worker was given items. */
  void given(Worker worker) {
    Busy activity = of(worker);
    if (activity.since == 0) {
      activity.since = System.nanoTime();
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
      Scheduler scheduler = schedule.scheduler();
      scheduler.progressed(worker.id(), now);
      boolean idle = scheduler.workers().isIdle(worker.id());
      activity.since = idle ? 0 : System.nanoTime();
      memory.progressed(worker, idle, now);
      if (mostItems > 0 && worker.itemsDone() >= mostItems) {
        scheduler.retire(worker.id());
      }
    }
  }

  /** For how long a worker's item has run, stopped or not, as workers tell of items. */
  Duration ran(Worker worker) {
    return Duration.ofNanos(System.nanoTime() - of(worker).since);
  }

  /** Whether a worker has something to do. */
  boolean isBusy(Worker worker) {
    return of(worker).since != 0;
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
