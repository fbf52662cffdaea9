package dev.procpool.local.result;

import dev.procpool.Outcome;
import dev.procpool.WorkerExit;
import dev.procpool.local.call.LocalJob;
import dev.procpool.local.fleet.KillReason;
import dev.procpool.local.fleet.PerWorker;
import dev.procpool.local.fleet.Worker;
import dev.procpool.scheduler.Item;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Nanos;
import java.time.Duration;
import java.util.List;

/**
 * What the end of a worker cost: outcomes for the items that it had begun. Owned by the engine's
 * thread.
 */
public final class Losses {

  private final Results.Calls calls;
  private final Delivery delivery;
  private final Recorder recorder;
  private final PerWorker<List<StackTraceElement>> stacks;

  /**
   * Makes them.
   *
   * @param stacks where an item was stuck that its worker was killed for
   */
  public Losses(
      Results.Calls calls,
      Delivery delivery,
      Recorder recorder,
      PerWorker<List<StackTraceElement>> stacks) {
    this.calls = calls;
    this.delivery = delivery;
    this.recorder = recorder;
    this.stacks = stacks;
  }

  /** Keeps where an item is stuck, whose worker will be killed for it. */
  public void stuck(Worker worker, byte[] stack) {
    stacks.put(worker, Delivery.stack(stack));
  }

  /**
   * Tells the calls.
   *
   * @param begun what the worker had begun: one item, or all if nobody knows
   * @param ran how long the item ran
   * @param isFirst whether the worker had finished none before
   */
  public void tell(
      Worker worker, WorkerExit exit, List<Item> begun, Duration ran, boolean isFirst) {
    boolean isNext = isFirst;
    for (Item item : begun) {
      LocalJob job = calls.find(item.call());
      if (job != null) {
        Attempt attempt = Delivery.attempt(item, Nanos.of(ran), worker.name());
        Outcome<Object> outcome = outcome(worker, exit, job, item, attempt, isNext);
        if (outcome instanceof Outcome.TimedOut) {
          recorder.timeout(worker, job, item, Nanos.of(ran));
        }
        job.tried(item);
        ItemRun run = recorder.run(worker, item.slice(), 0, Nanos.of(ran), 0);
        delivery.conclude(job, item, worker, outcome, run);
      }
      isNext = false;
    }
  }

  private Outcome<Object> outcome(
      Worker worker, WorkerExit exit, LocalJob job, Item item, Attempt attempt, boolean isFirst) {
    KillReason reason = worker.killReason();
    if (reason == KillReason.TIMED_OUT && job.isLimited()) {
      List<StackTraceElement> stack = stacks.get(worker);
      return attempt.timedOut(job.timeLimit(item), stack == null ? List.of() : stack, isFirst);
    }
    if (reason == KillReason.CANCELLED || reason == KillReason.TERMINATED) {
      return attempt.cancelled();
    }
    return attempt.lost(exit);
  }
}
