package dev.procpool.spark.driver;

import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.WorkerExit;
import dev.procpool.local.EncodedOutcome;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.slots.SlotScheduler;
import dev.procpool.spark.wire.Successes;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Nanos;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes what comes back of items their outcomes, or another attempt. Thread-safe: an item is found
 * and taken with the backend's lock, in one go; users' code decodes, is asked whether to retry, and
 * has the outcome, without it.
 */
final class DriverOutcomes {

  private final ReentrantLock lock;
  private final SlotScheduler<DriverItem> scheduler;
  private final Executors executors;
  private final ScheduledExecutorService timer;
  private final PoolNews news;
  private final DriverCalls calls;
  private final DriverValues values;

  DriverOutcomes(
      ReentrantLock lock,
      SlotScheduler<DriverItem> scheduler,
      Executors executors,
      ScheduledExecutorService timer,
      PoolNews news,
      DriverCalls calls) {
    this.lock = lock;
    this.scheduler = scheduler;
    this.executors = executors;
    this.timer = timer;
    this.news = news;
    this.calls = calls;
    this.values = new DriverValues(lock, scheduler, executors, calls, this);
  }

  private static long now() {
    return System.nanoTime();
  }

  /** An item has come to something in an executor. */
  void conclude(long number, EncodedOutcome.Received received) {
    conclude(
        () -> {
          DriverCall<?, ?> call = calls.get(number);
          return call == null ? null : call.held(received.outcome());
        },
        item -> received);
  }

  /** Items have values, which a worker has made. */
  void succeeded(Successes all) {
    values.succeeded(all);
  }

  /** What an executor says of an item can't be read. */
  void failed(long number, long index, Throwable why) {
    conclude(
        () -> held(number, index),
        item -> new EncodedOutcome.Received(item.failed(why), ItemRun.UNKNOWN));
  }

  /** Whoever has an item is gone. */
  void lost(DriverItem lost, WorkerExit exit) {
    conclude(
        () -> lost.call().has(lost) ? lost : null,
        item -> new EncodedOutcome.Received(item.lost(exit), ItemRun.UNKNOWN));
  }

  private @Nullable DriverItem held(long number, long index) {
    DriverCall<?, ?> call = calls.get(number);
    return call == null ? null : call.held(index);
  }

  /** Finds and takes an item with the lock; decodes, and reports or tries again, without. */
  private void conclude(
      Supplier<@Nullable DriverItem> find, Function<DriverItem, EncodedOutcome.Received> became) {
    DriverItem item;
    EncodedOutcome.Received received = null;
    ItemRun run = ItemRun.UNKNOWN;
    Throwable failure = null;
    lock.lock();
    try {
      item = find.get();
      if (item == null) {
        return; // it was told twice, or its call was aborted
      }
      try {
        received = became.apply(item);
        run = take(item, received);
      } catch (Throwable e) { // no memory for it, say
        failure = e;
        if (item.call().has(item)) {
          item.call().reporting(item);
        }
      }
    } finally {
      lock.unlock();
    }
    if (failure != null) {
      calls.giveUp(item.call(), List.of(item.place()), failure);
    } else if (received != null) {
      finish(item.call(), item, received.outcome(), run);
    }
  }

  private ItemRun take(DriverItem item, EncodedOutcome.Received received) {
    DriverCall<?, ?> call = item.call();
    Outcome<byte[]> raw = received.outcome();
    ItemRun run = item.run(received);
    call.reporting(item);
    if (raw.attempts() > 0) {
      call.slots().measured(Nanos.of(raw.duration()), run.receivedBytes());
    }
    PoolEvent.Worker worker = run.worker();
    if (worker != null && !(raw instanceof Outcome.WorkerLost)) {
      executors.finished(worker, 1);
    }
    scheduler.took(List.of(item.place()), now());
    return run;
  }

  /** Gives an item its outcome that was taken, or has it tried again, and counts it. */
  <R extends @Nullable Object> void finish(
      DriverCall<?, R> call, DriverItem item, Outcome<byte[]> raw, ItemRun run) {
    Outcome<R> outcome;
    Optional<Duration> wait;
    try {
      outcome = decoded(call, raw);
      if (outcome instanceof Outcome.TimedOut<R> timedOut) {
        news.timedOut(call, timedOut, run);
      }
      wait = call.attempts().waitBeforeNext(outcome);
      if (wait.isPresent() && !again(call, item, outcome, raw, run, wait.get())) {
        wait = Optional.empty();
      }
    } catch (Throwable e) {
      calls.drop(call, e);
      calls.reported(call, 1);
      return;
    }
    if (wait.isEmpty()) {
      calls.report(call, outcome, run, run.receivedBytes());
    } else {
      tryAgain(call, item, wait.get());
    }
  }

  private void tryAgain(DriverCall<?, ?> call, DriverItem item, Duration wait) {
    if (wait.isZero()) {
      due(call, item);
      return;
    }
    try {
      timer.schedule(() -> due(call, item), Nanos.of(wait), TimeUnit.NANOSECONDS);
    } catch (Throwable e) { // it is reported as cancelled
      calls.drop(call, e);
    }
  }

  /** Runs users' code. Whatever happens, the item must not wait for ever. */
  private static <R extends @Nullable Object> Outcome<R> decoded(
      DriverCall<?, R> call, Outcome<byte[]> raw) {
    try {
      return call.encoded().outcome(raw);
    } catch (Throwable e) { // no memory for it, say
      return Attempt.of(raw).failed(e);
    }
  }

  /** Has an item wait for its next attempt: false if there is to be none, or it throws. */
  private <R extends @Nullable Object> boolean again(
      DriverCall<?, R> call,
      DriverItem item,
      Outcome<R> outcome,
      Outcome<byte[]> raw,
      ItemRun run,
      Duration wait) {
    lock.lock();
    try {
      if (call.isStopped()) {
        return false;
      }
      news.retried(call, outcome, run, wait);
      call.again(item, outcome, raw);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void due(DriverCall<?, ?> call, DriverItem item) {
    Throwable failure = null;
    lock.lock();
    try {
      if (call.isDue(item)) {
        calls.add(call, List.of(item));
      }
    } catch (Throwable e) {
      failure = e;
    } finally {
      lock.unlock();
    }
    if (failure != null) {
      calls.drop(call, failure);
    }
  }

  /** A slot has handed back an item that it has not started. */
  void handedBack(long number, long index, SlotKey slot) {
    DriverItem stopped = null;
    lock.lock();
    try {
      DriverItem item = held(number, index);
      if (item == null || !item.place().isWith(slot)) {
        return;
      }
      DriverCall<?, ?> call = item.call();
      call.handedBack(item);
      if (call.isStopped()) {
        call.reporting(item);
        scheduler.took(List.of(item.place()), now());
        stopped = item;
      } else {
        scheduler.handedBack(item.place(), now());
      }
    } finally {
      lock.unlock();
    }
    if (stopped != null) {
      calls.reportCancelled(stopped);
    }
  }
}
