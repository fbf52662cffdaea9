package dev.procpool.spark.driver;

import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.WorkerExit;
import dev.procpool.local.EncodedOutcome;
import dev.procpool.spark.slots.SlotItem;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.slots.SlotScheduler;
import dev.procpool.spark.wire.Successes;
import dev.procpool.spi.Attempt;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Nanos;
import java.time.Duration;
import java.util.ArrayList;
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
 * and taken with the backend's lock, in one go, and so are all that a worker has made values of;
 * users' code decodes, is asked whether to retry, and has the outcome, without it.
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

  /** Items have values, which a worker has made. */
  void succeeded(Successes all) {
    Taken taken;
    DriverCall<?, ?> call;
    lock.lock();
    try {
      call = calls.get(all.call());
      if (call == null) {
        return; // it was aborted
      }
      taken = take(call, all);
    } finally {
      lock.unlock();
    }
    if (!taken.items.isEmpty()) {
      finish(call, all, taken);
    }
  }

  private static <R extends @Nullable Object> boolean decode(
      DriverCall<?, R> call, Successes all, int place, DecodedValues<R> to) {
    to.next(all.index(place), all.nanos(place));
    try {
      return call.encoded().value(all.bytes(), all.start(place), all.length(place), to);
    } catch (VirtualMachineError | LinkageError e) {
      return false; // it is tried once more by itself
    }
  }

  /** Items of which values were taken, each with its place among all that were reported. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Taken(List<DriverItem> items, int[] places, ItemRun run) {}

  /** Takes those items that have no outcome yet. */
  private Taken take(DriverCall<?, ?> call, Successes all) {
    List<DriverItem> items = new ArrayList<>(all.count());
    List<SlotItem<DriverItem>> left = new ArrayList<>(all.count());
    int[] places = new int[all.count()];
    long sent = 0;
    long received = 0;
    for (int i = 0; i < all.count(); i++) {
      DriverItem item = call.held(all.index(i), all.attempts());
      if (item != null) { // else it was told twice
        places[items.size()] = i;
        items.add(item);
        left.add(item.place());
        sent += item.bytes();
        received += all.length(i);
        call.reporting(item);
        call.slots().measured(all.nanos(i), all.length(i));
      }
    }
    if (items.isEmpty()) {
      return new Taken(items, places, ItemRun.UNKNOWN);
    }
    DriverItem first = items.get(0);
    PoolEvent.Worker worker = worker(first, all);
    executors.finished(worker, items.size());
    scheduler.took(left, now());
    return new Taken(items, places, new ItemRun(worker, first.waited(), sent, received));
  }

  private static PoolEvent.Worker worker(DriverItem item, Successes all) {
    return item.worker(all.worker().host(), all.worker().pid());
  }

  /** Decodes values and reports them, without the lock. */
  private <R extends @Nullable Object> void finish(
      DriverCall<?, R> call, Successes all, Taken taken) {
    DecodedValues<R> values = new DecodedValues<>(taken.items.size());
    List<Runnable> unread = new ArrayList<>();
    for (int i = 0; i < taken.items.size(); i++) {
      int place = taken.places[i];
      if (!decode(call, all, place, values)) {
        DriverItem item = taken.items.get(i);
        ItemRun run =
            new ItemRun(worker(item, all), item.waited(), item.bytes(), all.length(place));
        unread.add(() -> finish(call, item, all.outcome(place), run));
      }
    }
    if (values.size() > 0) {
      calls.report(call, values, all.attempts(), all.worker(), taken.run);
    }
    unread.forEach(Runnable::run);
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
      executors.finished(worker, 1);
    }
    scheduler.took(List.of(item.place()), now());
    return run;
  }

  private <R extends @Nullable Object> void finish(
      DriverCall<?, R> call, DriverItem item, Outcome<byte[]> raw, ItemRun run) {
    Outcome<R> outcome = decoded(call, raw);
    if (outcome instanceof Outcome.TimedOut<R> timedOut) {
      news.timedOut(call, timedOut, run);
    }
    Optional<Duration> wait = call.attempts().waitBeforeNext(outcome);
    if (wait.isEmpty() || !tryAgain(call, item, outcome, raw, run, wait.get())) {
      calls.report(call, outcome, run, run.receivedBytes());
    }
  }

  /** Runs users' code. Whatever happens, the item must not wait for ever. */
  private static <R extends @Nullable Object> Outcome<R> decoded(
      DriverCall<?, R> call, Outcome<byte[]> raw) {
    try {
      return call.encoded().outcome(raw);
    } catch (VirtualMachineError | LinkageError e) { // no memory for it, say
      return Attempt.of(raw).failed(e);
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
