package dev.procpool.spark.driver;

import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.WorkerExit;
import dev.procpool.local.EncodedOutcome;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.slots.SlotScheduler;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Nanos;
import java.time.Duration;
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
    EncodedOutcome.Received received;
    ItemRun run;
    lock.lock();
    try {
      item = find.get();
      if (item == null) {
        return; // it was told twice, or its call was aborted
      }
      received = became.apply(item);
      run = take(item, received);
    } finally {
      lock.unlock();
    }
    finish(item.call(), item, received.outcome(), run);
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
      executors.finished(worker);
    }
    scheduler.took(item.place(), now());
    return run;
  }

  private <R extends @Nullable Object> void finish(
      DriverCall<?, R> call, DriverItem item, Outcome<byte[]> raw, ItemRun run) {
    Outcome<R> outcome = call.encoded().outcome(raw); // runs users' code
    if (outcome instanceof Outcome.TimedOut<R> timedOut) {
      news.timedOut(call, timedOut, run);
    }
    Optional<Duration> wait = call.attempts().waitBeforeNext(outcome);
    if (wait.isEmpty() || !tryAgain(call, item, outcome, raw, run, wait.get())) {
      calls.report(call, outcome, run, run.receivedBytes());
    }
  }

  private <R extends @Nullable Object> boolean tryAgain(
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
      call.again(item, outcome, raw);
      news.retried(call, outcome, run, wait);
    } finally {
      lock.unlock();
    }
    if (wait.isZero()) {
      due(call, item);
    } else {
      timer.schedule(() -> due(call, item), Nanos.of(wait), TimeUnit.NANOSECONDS);
    }
    return true;
  }

  private void due(DriverCall<?, ?> call, DriverItem item) {
    lock.lock();
    try {
      if (call.isDue(item)) {
        call.add(item);
        scheduler.add(item.place(), now());
      }
    } finally {
      lock.unlock();
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
        scheduler.took(item.place(), now());
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
