package dev.procpool.local.fleet;

import dev.procpool.PoolEvent;
import dev.procpool.WorkerEnd;
import dev.procpool.WorkerExit;
import dev.procpool.observe.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells the {@link Observation} of workers, by the names that users know. Owned by the engine's
 * thread, but for {@link #prepare}.
 *
 * <p>While nobody observes a call costs a look at a flag, and nothing is made.
 */
public final class WorkerNews {

  private final Observation observation;

  WorkerNews(Observation observation) {
    this.observation = observation;
  }

  /** Loads what the first question takes; on any thread. */
  void prepare() {
    observation.prepare();
  }

  /** A worker's process was started. */
  void started(Worker worker) {
    if (observation.isOn()) {
      observation.workerStarted(
          new PoolEvent.WorkerStart(observation.pool(), Instant.now(), named(worker)));
    } else {
      observation.workerStarted();
    }
  }

  /** A worker may be used. */
  void ready(Worker worker) {
    if (observation.isOn()) {
      Instant now = Instant.now();
      Duration took = Duration.between(worker.startedAt(), now);
      observation.workerReady(
          new PoolEvent.WorkerReady(observation.pool(), now, named(worker), took));
    }
  }

  /**
   * A worker's process has ended.
   *
   * @param isMeant whether the pool meant it to
   */
  void ended(Worker worker, WorkerExit exit, boolean isMeant) {
    WorkerEnd why = why(worker.killReason(), exit, isMeant);
    if (observation.isOn()) {
      Instant now = Instant.now();
      Duration lived = Duration.between(worker.startedAt(), now);
      observation.workerEnded(
          new PoolEvent.WorkerGone(
              observation.pool(),
              now,
              named(worker),
              why,
              Optional.of(exit),
              worker.itemsDone(),
              lived));
    } else {
      observation.workerEnded(why);
    }
  }

  private static WorkerEnd why(Kill.@Nullable Reason reason, WorkerExit exit, boolean isMeant) {
    if (reason == Kill.Reason.TIMED_OUT) {
      return WorkerEnd.TIMED_OUT;
    } else if (reason == Kill.Reason.CANCELLED) {
      return WorkerEnd.CANCELLED;
    }
    return isMeant ? WorkerEnd.STOPPED : WorkerEnd.of(exit);
  }

  /** A worker, as observers know it. */
  public static PoolEvent.Worker named(Worker worker) {
    return new PoolEvent.Worker(worker.number(), worker.name().host(), worker.pid());
  }
}
