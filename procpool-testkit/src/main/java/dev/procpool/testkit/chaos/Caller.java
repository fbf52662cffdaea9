package dev.procpool.testkit.chaos;

import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Makes one planned call, cancels it if the plan says so, and gives all that was seen of it.
 * Belongs to the thread that runs it.
 */
final class Caller implements Callable<Caller.Report> {

  /** No call takes so long that does not hang. */
  static final Duration BOUND = Duration.ofSeconds(90);

  /**
   * What was seen of a call.
   *
   * @param call the call
   * @param outcomes the outcomes, pending ones if it hangs
   * @param deliveries how often each item's outcome was passed to the callback; final when the pool
   *     has ended
   * @param cancelled whether it was cancelled before it had ended
   */
  record Report(
      ChaosCall call,
      List<Outcome<Object>> outcomes,
      AtomicIntegerArray deliveries,
      boolean cancelled) {}

  private final Pool pool;
  private final ChaosCall call;
  private final String ledger;
  private final AtomicInteger completed;

  Caller(Pool pool, ChaosCall call, String ledger, AtomicInteger completed) {
    this.pool = pool;
    this.call = call;
    this.ledger = ledger;
    this.completed = completed;
  }

  @Override
  public Report call() throws InterruptedException {
    AtomicIntegerArray deliveries = new AtomicIntegerArray(call.items().size());
    MapResult<Object> result =
        pool.with(call.options()).mapAsync(new ChaosTask(ledger, call.number()), call.items());
    result.onOutcome(
        outcome -> {
          deliveries.incrementAndGet((int) outcome.index());
          completed.incrementAndGet();
        });
    boolean cancelled = false;
    if (call.cancel() != ChaosCall.Cancel.NEVER && !result.await(call.cancelAfter())) {
      cancelled = result.cancel(call.cancel() == ChaosCall.Cancel.RUNNING);
    }
    return new Report(call, result.outcomes(BOUND), deliveries, cancelled);
  }
}
