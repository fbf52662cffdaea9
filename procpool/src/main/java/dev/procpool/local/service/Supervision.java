package dev.procpool.local.service;

import dev.procpool.LimitKind;
import dev.procpool.channel.RunPage;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.Kill;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Trust;
import dev.procpool.local.fleet.Worker;
import dev.procpool.local.fleet.WorkerLine;
import dev.procpool.protocol.ItemRef;
import dev.procpool.protocol.TaskLimits;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the workers' run pages and kills those that are beyond help, without asking them: an
 * item far over its time limit, a cancelled item that does not end, a process that gets no
 * processor time.
 *
 * <p>Owned by the engine's thread. It believes its own clock and the page, no message.
 */
public final class Supervision {

  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** After this long without a look there was nothing to do. */
  private static final long ABSENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  private static final long TICKS_PER_SECOND = 100;

  /** How much later than the worker's own watchdog this acts. */
  private static final long SLACK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Knows the item that a run page names. */
  public interface Limits {

    /** Gives an item's limits; none if the item is not known any more. */
    TaskLimits limits(Worker worker, ItemRef item);

    /** A worker was seen to run an item. */
    void seen(Worker worker, ItemRef item);

    /** Gives a worker up, which gets nothing more and is killed. */
    void giveUp(Worker worker, Kill why);

    /**
     * Tells when an item is to be killed because its call was cancelled.
     *
     * @return the time; 0 for never
     */
    long killAfter(Worker worker, ItemRef item);

    /** Gives the item that a worker should be at; null if it has nothing to do. */
    @Nullable ItemRef next(Worker worker);
  }

  private final Fleet fleet;
  private final Trust trust;
  private final PerWorker<Watched> watched;
  private final Limits limits;
  private final long graceNanos;
  private final long freezeNanos;
  private long nextLook;
  private long lastLook;
  private long nextMeasurement;

  public Supervision(Fleet fleet, Limits limits, long graceNanos, long freezeNanos) {
    this.fleet = fleet;
    this.trust = fleet.trust();
    this.watched = fleet.perWorker();
    this.limits = limits;
    this.graceNanos = graceNanos;
    this.freezeNanos = freezeNanos;
  }

  /**
   * Looks at all workers, if it is time to.
   *
   * @return when to look again
   */
  public long round(long now, boolean busy) {
    if (!busy) {
      return Long.MAX_VALUE;
    }
    if (nextLook - now <= 0) {
      boolean absent = now - lastLook > ABSENCE_NANOS;
      boolean measure = absent || nextMeasurement - now <= 0;
      if (measure) {
        nextMeasurement = now + freezeNanos;
      }
      for (Worker worker : fleet.workers()) { // a kill takes no worker out of the map
        look(worker, now, absent, measure);
      }
      lastLook = now;
      nextLook = now + PERIOD_NANOS;
    }
    return nextLook;
  }

  private Watched of(Worker worker) {
    Watched known = watched.get(worker);
    return known == null ? watched.put(worker, new Watched()) : known;
  }

  private void look(Worker worker, long now, boolean absent, boolean measure) {
    RunPage page = worker.line().page();
    boolean beats = // from before HELLO on; a stopped initializer is found as well
        worker.state() == Worker.State.INITIALIZING || worker.state() == Worker.State.READY;
    if (page == null || !beats) {
      return;
    }
    try {
      look(worker, page, now, absent);
    } catch (InternalError e) {
      trust.shutOff(worker, e);
    }
    if (measure) {
      measure(worker, absent);
    }
  }

  private void look(Worker worker, RunPage page, long now, boolean absent) {
    long word = page.running();
    long beat = page.heartbeat();
    if (!trust.verify(worker)) {
      return;
    }
    long time = trust.timeOf(worker, now);
    Watched seen = of(worker);
    seen.observe(word, worker.line().received(), worker.line().parts(), page.progressed(), time);
    if (word != 0) {
      overdue(worker, seen, page, word, now, time);
    }
    idling(worker, seen, word, now, absent);
    seen.observeBeat(beat, absent, now);
    if (now - seen.beatSince() > freezeNanos) {
      worker.note(
          "worker "
              + worker.number()
              + " got no processor time for "
              + TimeUnit.NANOSECONDS.toMillis(freezeNanos)
              + " ms");
      limits.giveUp(worker, new Kill(Kill.Reason.FROZEN));
    }
  }

  /**
   * Looks whether a worker gets on that has something to do: one that names no item, or a new one
   * again and again and reports none, can't be held to the time of an item.
   */
  private void idling(Worker worker, Watched seen, long word, long now, boolean absent) {
    ItemRef next = limits.next(worker);
    WorkerLine line = worker.line();
    seen.observeProgress(
        next == null || absent, word != 0, line.received(), line.queuedForRing(), now);
    if (next == null || !worker.isAlive()) {
      return;
    }
    long limit = limits.limits(worker, next).runNanos();
    long late = now - seen.progressedSince() - limit - graceNanos - SLACK_NANOS;
    if (now - seen.namedSince() > freezeNanos) {
      worker.violated("procpool: worker " + worker.number() + " has items and runs none");
      limits.giveUp(worker, new Kill(Kill.Reason.FROZEN));
    } else if (limit > 0 && late > freezeNanos) {
      worker.blame(next);
      worker.violated("procpool: worker " + worker.number() + " reports no item");
      limits.giveUp(worker, Kill.timedOut(LimitKind.RUN_TIME, List.of()));
    }
  }

  /** Looks at what the worker's processor time went into since the last measurement. */
  private void measure(Worker worker, boolean absent) {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(freezeNanos);
    long leastTicks = seconds * TICKS_PER_SECOND / 20; // it may have to share its processor
    boolean all = of(worker).garbage().measure(worker.jvmPid(), leastTicks);
    if (all && !absent && worker.isAlive()) {
      worker.note(
          "worker "
              + worker.number()
              + " did nothing but collecting garbage for "
              + seconds
              + " s; -Xmx in jvmOptions gives it a larger heap");
      limits.giveUp(worker, new Kill(Kill.Reason.FROZEN));
    }
  }

  /**
   * Kills a worker whose item takes too long.
   *
   * @param time the worker's: while its process is stopped the item's time is, too
   */
  private void overdue(Worker worker, Watched seen, RunPage page, long word, long now, long time) {
    ItemRef item = ItemRef.ofWord(word);
    limits.seen(worker, item);
    TaskLimits limit = limits.limits(worker, item);
    long grace = graceNanos + SLACK_NANOS;
    boolean late = limit.runNanos() > 0 && time - seen.itemSince() > limit.runNanos() + grace;
    boolean stalled =
        limit.stallNanos() > 0 && time - seen.stalledSince() > limit.stallNanos() + grace;
    long killAfter = limits.killAfter(worker, item);
    boolean cancelled = killAfter != 0 && now - killAfter >= 0;
    // the gate keeps the next item from starting between this look and the kill
    if ((late || stalled || cancelled) && page.closeGateIfRunning(word) && trust.verify(worker)) {
      LimitKind over = late ? LimitKind.RUN_TIME : LimitKind.STALL;
      limits.giveUp(
          worker, cancelled ? new Kill(Kill.Reason.CANCELLED) : Kill.timedOut(over, List.of()));
    }
  }
}
