package dev.procpool.local.fleet;

import dev.procpool.local.engine.Engine;
import dev.procpool.local.fleet.Worker.State;
import dev.procpool.protocol.ToWorker;
import java.util.concurrent.TimeUnit;

/**
 * Ends workers: asks those to end that have nothing to do, kills the others, and sees to it that
 * both happens.
 *
 * <p>Owned by the engine's thread.
 */
final class Kills {

  private static final long STOP_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How long one may take that writes an archive at its end. */
  private static final long RECORDING_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final byte[] NOTHING = new byte[0];

  private final Engine engine;
  private final Offspring offspring;
  private final long stopLimitNanos;

  /**
   * Makes them.
   *
   * @param records whether workers write an archive at their end
   */
  Kills(Engine engine, Offspring offspring, boolean records) {
    this.engine = engine;
    this.offspring = offspring;
    this.stopLimitNanos = records ? RECORDING_LIMIT_NANOS : STOP_LIMIT_NANOS;
  }

  /**
   * Lets a worker end in good order that is ready and has nothing to do.
   *
   * @param time the worker's, by its own clock
   */
  void stop(Worker worker, long time) {
    if (!worker.isReady()) {
      return; // it was given up just now
    }
    worker.state(State.STOPPING);
    worker.ending().by(time + stopLimitNanos);
    worker.send(ToWorker.STOP, NOTHING, 0);
  }

  /** Destroys a worker's process and what its tasks have started. The first reason given counts. */
  void kill(Worker worker, Kill why) {
    if (worker.isGone()) {
      return;
    }
    worker.killed(why);
    worker.ending().begin(engine.now());
    destroy(worker);
  }

  /** Destroys its process, if it was launched; if not, that is done once it is. */
  void destroy(Worker worker) {
    Process process = worker.process();
    if (process != null) {
      offspring.destroy(process);
    }
  }

  /** Kills a worker again that has not ended: true if it has, and nobody has told. */
  boolean killAgain(Worker worker, long now) {
    Ending.Step step = worker.ending().look(worker.process(), worker.killReason() != null, now);
    if (step == Ending.Step.KILL_AGAIN) {
      destroy(worker);
    }
    return step == Ending.Step.TAKE_AS_ENDED;
  }
}
