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
import java.util.BitSet;
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

  /**
   * Items have values, which a worker has made. Whatever happens, none of them waits for ever: if
   * not each can have its outcome, their call is dropped.
   */
  void succeeded(Successes all) {
    Taken taken = new Taken(all.count());
    DriverCall<?, ?> call;
    Throwable failure = null;
    lock.lock();
    try {
      call = calls.get(all.call());
      if (call == null) {
        return; // it was aborted
      }
      try {
        take(call, all, taken);
      } catch (Throwable e) { // no memory for it, say
        failure = e;
      }
    } finally {
      lock.unlock();
    }
    if (failure != null) {
      giveUp(call, taken, failure);
    } else if (taken.count() > 0) {
      finish(call, all, taken);
    }
  }

  /** Items of which values were taken, each with its place among all that were reported. */
  private static final class Taken {
    private final List<DriverItem> items;
    private final List<SlotItem<DriverItem>> left;
    private final int[] places;

    /** Makes one that has room for so many: to add one needs no memory then. */
    Taken(int most) {
      items = new ArrayList<>(most);
      left = new ArrayList<>(most);
      places = new int[most];
    }

    void add(DriverItem item, int place) {
      places[items.size()] = place;
      items.add(item);
      left.add(item.place());
    }

    int count() {
      return items.size();
    }
  }

  /** Takes those items that have no outcome yet. */
  private void take(DriverCall<?, ?> call, Successes all, Taken taken) {
    for (int i = 0; i < all.count(); i++) {
      DriverItem item = call.held(all.index(i), all.attempts());
      if (item != null) { // else it was told twice
        call.reporting(item);
        taken.add(item, i);
        call.slots().measured(all.nanos(i), all.length(i));
      }
    }
    if (taken.count() > 0) {
      executors.finished(worker(taken.items.get(0), all), taken.count());
      scheduler.took(taken.left, now());
    }
  }

  /** The call of items that were taken, not all of them in full, ends without them. */
  private void giveUp(DriverCall<?, ?> call, Taken taken, Throwable why) {
    calls.drop(call, why); // which makes room, if that was missing
    try {
      lock.lock();
      try {
        scheduler.took(taken.left, now()); // those that slots still have
      } finally {
        lock.unlock();
      }
    } finally {
      calls.reported(call, taken.count());
    }
  }

  private static PoolEvent.Worker worker(DriverItem item, Successes all) {
    return item.worker(all.worker().host(), all.worker().pid());
  }

  /** Decodes values and reports them, without the lock. */
  private <R extends @Nullable Object> void finish(
      DriverCall<?, R> call, Successes all, Taken taken) {
    int uncounted = taken.count();
    BitSet unread = new BitSet(uncounted);
    try {
      DecodedValues<R> values = new DecodedValues<>(uncounted);
      ItemRun run = decode(call, all, taken, values, unread);
      if (values.size() > 0) {
        uncounted -= values.size();
        calls.report(call, values, all.attempts(), all.worker(), run);
      }
    } catch (Throwable e) {
      calls.drop(call, e);
    } finally {
      for (int i = unread.nextSetBit(0); i >= 0; i = unread.nextSetBit(i + 1)) {
        uncounted -= finishAlone(call, all, taken, i) ? 1 : 0;
      }
      if (uncounted > 0) {
        calls.reported(call, uncounted);
      }
    }
  }

  /** Decodes values as far as they can be read: gives what is known of how these were made. */
  private static <R extends @Nullable Object> ItemRun decode(
      DriverCall<?, R> call, Successes all, Taken taken, DecodedValues<R> to, BitSet unread) {
    DriverItem first = null;
    long sent = 0;
    long received = 0;
    for (int i = 0; i < taken.count(); i++) {
      int place = taken.places[i];
      if (decode(call, all, place, to)) {
        DriverItem item = taken.items.get(i);
        first = first == null ? item : first;
        sent += item.bytes();
        received += all.length(place);
      } else {
        unread.set(i);
      }
    }
    return first == null
        ? ItemRun.UNKNOWN
        : new ItemRun(worker(first, all), first.waited(), sent, received);
  }

  private static <R extends @Nullable Object> boolean decode(
      DriverCall<?, R> call, Successes all, int place, DecodedValues<R> to) {
    to.next(all.index(place), all.nanos(place));
    try {
      return call.encoded().value(all.bytes(), all.start(place), all.length(place), to);
    } catch (Throwable e) {
      return false; // it is tried once more by itself
    }
  }

  /** Gives an item its outcome that could not be read with others: false if it is not counted. */
  private <R extends @Nullable Object> boolean finishAlone(
      DriverCall<?, R> call, Successes all, Taken taken, int number) {
    DriverItem item = taken.items.get(number);
    int place = taken.places[number];
    Outcome<byte[]> raw;
    ItemRun run;
    try {
      raw = all.outcome(place);
      run = new ItemRun(worker(item, all), item.waited(), item.bytes(), all.length(place));
    } catch (Throwable e) {
      calls.drop(call, e);
      return false;
    }
    finish(call, item, raw, run);
    return true;
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

  /** Counts the item, whatever happens. */
  private <R extends @Nullable Object> void finish(
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
