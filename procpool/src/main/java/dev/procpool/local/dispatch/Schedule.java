package dev.procpool.local.dispatch;

import dev.procpool.scheduler.Actions;
import dev.procpool.scheduler.Scheduler;

/** The scheduler in force, and when it wants to be called. Owned by the engine's thread. */
final class Schedule {

  private final Actions actions;
  private Scheduler scheduler;
  private long tickAt = Long.MAX_VALUE;

  Schedule(Actions actions) {
    this.actions = actions;
    this.scheduler = new Scheduler(actions);
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** Forgets all calls and workers: they are of no interest any more. */
  void restart() {
    scheduler = new Scheduler(actions);
  }

  /**
   * Calls the scheduler if it is time to.
   *
   * @return when to call it next
   */
  long tick(long now) {
    if (tickAt != Long.MAX_VALUE && tickAt - now <= 0) {
      tickAt = Long.MAX_VALUE;
      scheduler.tick(now);
    }
    long wanted = scheduler.nextTick(now);
    if (wanted == Long.MAX_VALUE || tickAt == Long.MAX_VALUE || wanted - tickAt < 0) {
      tickAt = wanted;
    }
    return tickAt;
  }
}
