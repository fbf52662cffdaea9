package dev.procpool.local.dispatch;

import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Worker;
import dev.procpool.scheduler.Scheduler;
import dev.procpool.spi.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * How many workers there are: as many as could be busy, fewer after they have been idle for long.
 *
 * <p>Owned by the engine's thread.
 */
public final class Sizing {

  private final Fleet fleet;
  private final Scheduler scheduler;

  /** 0 for no limit. */
  private final long idleNanos;

  private final PerWorker<Rest> rests;

  /** Whether there was a call. */
  private boolean isUsed;

  /**
   * Makes it.
   *
   * @param idle after how long without work a worker may go; null for never
   */
  Sizing(Fleet fleet, Scheduler scheduler, @Nullable Duration idle) {
    this.fleet = fleet;
    this.scheduler = scheduler;
    this.idleNanos = idle == null ? 0 : Nanos.of(idle);
    this.rests = fleet.perWorker();
  }

  /**
   * There is a call: workers that were started with too much of the machine go before the first.
   */
  void called() {
    if (!isUsed) {
      isUsed = true;
      fleet.outgrown().forEach(this::retire); // others take their place
    }
  }

  /** Changes how many workers there may be. */
  public void resize(int workers) {
    fleet.resize(workers);
  }

  /** Starts all workers. */
  public void prestart() {
    fleet.grow(fleet.target());
  }

  /**
   * Starts workers that are needed, and lets those go that are not.
   *
   * @return when to look again
   */
  long round(long now) {
    fleet.grow(scheduler.demand(fleet.target()));
    fleet.surplus(this::use).forEach(this::retire);
    return idleNanos == 0 ? Long.MAX_VALUE : retireIdle(now);
  }

  /** Of how much use a worker is: those that are ending already first, then those without work. */
  private int use(Worker worker) {
    return scheduler.workers().isRetiring(worker.id())
        ? 0
        : scheduler.workers().isIdle(worker.id()) ? 1 : 2;
  }

  /** Lets a worker go, once it has done what it has to do. */
  private void retire(Worker worker) {
    if (worker.isReady() && !worker.isSpare()) {
      scheduler.retire(worker.id());
    } else {
      fleet.stop(worker);
    }
  }

  private long retireIdle(long now) {
    long next = Long.MAX_VALUE;
    for (Worker worker : new ArrayList<>(fleet.workers())) {
      Rest rest = of(worker);
      if (!worker.isReady() || !scheduler.workers().isIdle(worker.id())) {
        rest.since = 0;
      } else if (rest.since == 0) {
        rest.since = now;
        next = Math.min(next, now + idleNanos);
      } else if (now - rest.since >= idleNanos) {
        fleet.shrink();
        scheduler.retire(worker.id());
      } else {
        next = Math.min(next, rest.since + idleNanos);
      }
    }
    return next;
  }

  private Rest of(Worker worker) {
    Rest known = rests.get(worker);
    return known == null ? rests.put(worker, new Rest()) : known;
  }

  /** Since when a worker has had nothing to do; 0 if it has. */
  private static final class Rest {
    private long since;
  }
}
