package dev.procpool.testkit.chaos;

import static java.util.Objects.requireNonNull;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.TaskTimeoutException;
import dev.procpool.WorkerLostException;
import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import dev.procpool.function.Task2;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Makes one planned call, cancels it if the plan says so, and reports all that was seen of it.
 * Belongs to the thread that runs it; only {@link #report} is for others as well.
 */
final class Caller implements Callable<Report> {

  private final Pool pool;
  private final ChaosCall call;
  private final ChaosTask task;
  private final AtomicInteger completed;
  private final AtomicReferenceArray<Outcome<Object>> outcomes;
  private final AtomicIntegerArray deliveries;
  private volatile boolean cancelled;

  Caller(Pool pool, ChaosCall call, String ledger, AtomicInteger completed) {
    this.pool = pool.with(call.options());
    this.call = call;
    this.task = new ChaosTask(ledger, call.number());
    this.completed = completed;
    this.outcomes = new AtomicReferenceArray<>(call.items().size());
    this.deliveries = new AtomicIntegerArray(call.items().size());
  }

  @Override
  public Report call() throws InterruptedException {
    switch (call.form()) {
      case MAP -> map(pool.mapAsync(task, call.items()));
      case STARMAP -> map(pool.starmapAsync(spread(task), pairs()));
      case IMAP -> stream(pool.imap(task, call.items()));
      case IMAP_UNORDERED -> stream(pool.imapUnordered(task, call.items()));
      case ISTARMAP -> stream(pool.istarmap(spread(task), pairs()));
      case ISTARMAP_UNORDERED -> stream(pool.istarmapUnordered(spread(task), pairs()));
      case APPLY -> apply();
    }
    return report();
  }

  /** What has been seen so far. */
  Report report() {
    List<Outcome<Object>> seen = new ArrayList<>();
    for (int i = 0; i < outcomes.length(); i++) {
      Outcome<Object> outcome = outcomes.get(i);
      seen.add(outcome == null ? new Outcome.Pending<>(i) : outcome);
    }
    return new Report(call, seen, deliveries, cancelled);
  }

  private static Task2<ChaosItem, Integer, Object> spread(ChaosTask task) {
    return (item, index) -> task.call(item);
  }

  private List<Args2<ChaosItem, Integer>> pairs() {
    return call.items().stream().map(item -> Args.of(item, item.index())).toList();
  }

  private void delivered(long index) {
    if (index >= 0 && index < deliveries.length()) {
      deliveries.incrementAndGet((int) index);
    }
    completed.incrementAndGet();
  }

  private void map(MapResult<Object> result) throws InterruptedException {
    result.onOutcome(outcome -> delivered(outcome.index()));
    if (call.cancel() != ChaosCall.Cancel.NEVER && !result.await(call.cancelAfter())) {
      cancelled = result.cancel(call.cancel() == ChaosCall.Cancel.RUNNING);
    }
    List<Outcome<Object>> all = result.outcomes();
    for (int i = 0; i < Math.min(all.size(), outcomes.length()); i++) {
      outcomes.set(i, all.get(i));
    }
  }

  private void stream(ResultIterator<Object> results) {
    long start = System.nanoTime();
    try (results) {
      for (int place = 0; results.hasNext(); place++) {
        if (call.cancel() != ChaosCall.Cancel.NEVER
            && System.nanoTime() - start > call.cancelAfter().toNanos()) {
          cancelled = true;
          return;
        }
        Outcome<Object> outcome = results.nextOutcome();
        delivered(outcome.index());
        int at = call.form().isOrdered() ? place : (int) outcome.index();
        if (at >= 0 && at < outcomes.length()) {
          outcomes.set(at, outcome);
        }
      }
    }
  }

  private void apply() throws InterruptedException {
    List<AsyncResult<Object>> results = new ArrayList<>();
    for (ChaosItem item : call.items()) {
      AsyncResult<Object> result = pool.applyAsync(task, item);
      result.onSuccess(value -> delivered(item.index()));
      result.onFailure(error -> delivered(item.index()));
      results.add(result);
    }
    if (call.cancel() != ChaosCall.Cancel.NEVER
        && !results.get(results.size() - 1).await(call.cancelAfter())) {
      for (AsyncResult<Object> result : results) {
        cancelled |= result.cancel(call.cancel() == ChaosCall.Cancel.RUNNING);
      }
    }
    for (int i = 0; i < results.size(); i++) {
      outcomes.set(i, outcome(i, results.get(i)));
    }
  }

  /** What {@code get} tells, as an outcome. */
  private Outcome<Object> outcome(int index, AsyncResult<Object> result)
      throws InterruptedException {
    try {
      return new Outcome.Success<>(index, 1, Duration.ZERO, 0, result.get());
    } catch (CancellationException e) {
      int attempts = call.cancel() == ChaosCall.Cancel.RUNNING ? 1 : 0;
      return new Outcome.Cancelled<>(index, attempts, Duration.ZERO, 0);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WorkerLostException lost) {
        return new Outcome.WorkerLost<>(index, 1, Duration.ZERO, lost.exit().pid(), lost.exit());
      } else if (e.getCause() instanceof TaskTimeoutException late) {
        List<StackTraceElement> stack = List.of(late.getStackTrace());
        return new Outcome.TimedOut<>(index, 1, late.limit(), 0, late.limit(), stack);
      }
      return new Outcome.Failure<>(index, 1, Duration.ZERO, 0, requireNonNull(e.getCause()));
    }
  }
}
