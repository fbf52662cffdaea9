package dev.procpool.local.result;

import dev.procpool.LimitKind;
import dev.procpool.Outcome;
import dev.procpool.Progress;
import dev.procpool.WorkerExit;
import dev.procpool.local.call.LocalCall;
import dev.procpool.local.call.OpenCalls;
import dev.procpool.local.engine.Engine;
import dev.procpool.local.exit.ExitReport;
import dev.procpool.local.fleet.Kill;
import dev.procpool.local.fleet.Worker;
import dev.procpool.protocol.ItemRef;
import dev.procpool.scheduler.Item;
import dev.procpool.scheduler.Scheduler;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Nanos;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the end of a worker cost: outcomes for the items that it had begun. Owned by the engine's
 * thread.
 */
public final class Losses {

  private final OpenCalls calls;
  private final Engine engine;
  private final Scheduler scheduler;
  private final Delivery delivery;
  private final Recorder recorder;
  private final Results results;

  /**
   * Makes them.
   *
   * @param results knows what items have said
   */
  public Losses(
      OpenCalls calls,
      Engine engine,
      Scheduler scheduler,
      Delivery delivery,
      Recorder recorder,
      Results results) {
    this.calls = calls;
    this.engine = engine;
    this.scheduler = scheduler;
    this.delivery = delivery;
    this.recorder = recorder;
    this.results = results;
  }

  /**
   * A worker is gone: what it had not begun goes elsewhere, the rest is lost with it.
   *
   * @param report says how it ended
   * @param last the item that it was at; null if nobody knows
   * @param ran how long the item ran
   * @return how it ended for the item that this cost; null if it cost none
   */
  public @Nullable WorkerExit gone(
      Worker worker, ExitReport report, @Nullable ItemRef last, Duration ran) {
    long now = engine.now();
    List<Item> begun =
        last == null // it may have begun all
            ? scheduler.workerLost(worker.id(), now)
            : scheduler.workerGone(worker.id(), last.chunk(), last.offset(), now);
    WorkerExit exit = report.exit(begun.size() == 1 ? begun.get(0) : null);
    Progress progress = last == null ? null : Remains.progress(worker, last.word());
    boolean isNext = worker.itemsDone() + results.unaccounted(worker) == 0;
    for (Item item : begun) {
      LocalCall call = calls.find(item.call());
      if (call != null) {
        Remains said = results.remains(worker, item);
        Remains remains = new Remains(said.part(), progress == null ? said.progress() : progress);
        tell(worker, exit, call, item, remains, ran, isNext);
      }
      isNext = false;
    }
    return begun.isEmpty() ? null : exit;
  }

  private void tell(
      Worker worker,
      WorkerExit exit,
      LocalCall call,
      Item item,
      Remains remains,
      Duration ran,
      boolean isFirst) {
    Attempt attempt = Delivery.attempt(item, Nanos.of(ran), worker.name());
    Kill kill = worker.kill();
    LimitKind limit = kill == null || !call.limits.any() ? null : kill.limit();
    Duration longest = limit == null ? Duration.ZERO : call.limitOf(item, limit);
    if (limit != null) {
      recorder.timeout(worker, call, item, limit, Nanos.of(ran));
    }
    call.tried(item);
    ItemRun run = recorder.run(worker, item.slice(), 0, Nanos.of(ran), 0);
    Loss loss = new Loss(exit, kill, limit, longest, isFirst);
    delivery.lost(call, item, worker, attempt, loss, remains, run);
  }

  /**
   * Why an item is lost, by which it has its outcome. Immutable.
   *
   * @param kill why the pool has killed its worker; null if it did not
   * @param limit the limit that it was over; null if that is not why
   * @param longest that limit
   * @param isFirst whether its worker had finished none before
   */
  record Loss(
      WorkerExit exit,
      @Nullable Kill kill,
      @Nullable LimitKind limit,
      Duration longest,
      boolean isFirst) {

    /** Gives the outcome of an attempt at it. */
    Outcome<Object> of(Attempt attempt) {
      if (kill != null && limit != null) {
        return attempt.timedOut(limit, longest, kill.stack(), isFirst);
      }
      Kill.Reason reason = kill == null ? null : kill.reason();
      return reason == Kill.Reason.CANCELLED || reason == Kill.Reason.TERMINATED
          ? attempt.cancelled()
          : attempt.lost(exit);
    }
  }
}
