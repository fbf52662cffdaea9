package dev.procpool.spark.driver;

import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.spark.slots.SlotItem;
import dev.procpool.spark.slots.SlotScheduler;
import dev.procpool.spark.wire.Successes;
import dev.procpool.spi.ItemRun;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes values that a worker has made, and an executor reports together, the outcomes of their
 * items. All are taken with the backend's lock, in one go, and decoded without it. Whatever
 * happens, no item waits for ever: if not each can have its outcome, their call is dropped.
 * Thread-safe.
 */
final class DriverValues {

  private final ReentrantLock lock;
  private final SlotScheduler<DriverItem> scheduler;
  private final Executors executors;
  private final DriverCalls calls;
  private final DriverOutcomes outcomes;

  /**
   * Makes one.
   *
   * @param outcomes takes items whose values can't be read with others
   */
  DriverValues(
      ReentrantLock lock,
      SlotScheduler<DriverItem> scheduler,
      Executors executors,
      DriverCalls calls,
      DriverOutcomes outcomes) {
    this.lock = lock;
    this.scheduler = scheduler;
    this.executors = executors;
    this.calls = calls;
    this.outcomes = outcomes;
  }

  /** Items have values. */
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
      calls.giveUp(call, taken.left, failure);
    } else if (taken.count() > 0) {
      finish(call, all, taken);
    }
  }

  /** Items of which values were taken, each with its place among all that were reported. */
  private static final class Taken {
    private final List<DriverItem> items;
    private final List<SlotItem<DriverItem>> left;
    private final int[] places;

    /** Those that can't be read with others, by their number among these. */
    private final BitSet unread;

    /** Makes one that has room for so many: to add one needs no memory then. */
    Taken(int most) {
      items = new ArrayList<>(most);
      left = new ArrayList<>(most);
      places = new int[most];
      unread = new BitSet(most);
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
      scheduler.took(taken.left, System.nanoTime());
    }
  }

  private static PoolEvent.Worker worker(DriverItem item, Successes all) {
    return item.worker(all.worker().host(), all.worker().pid());
  }

  /** Decodes values and reports them, without the lock. */
  private <R extends @Nullable Object> void finish(
      DriverCall<?, R> call, Successes all, Taken taken) {
    int uncounted = taken.count();
    try {
      DecodedValues<R> values = new DecodedValues<>(uncounted);
      ItemRun run = decode(call, all, taken, values);
      if (values.size() > 0) {
        uncounted -= values.size();
        calls.report(call, values, all.attempts(), all.worker(), run);
      }
    } catch (Throwable e) {
      calls.drop(call, e);
    } finally {
      BitSet unread = taken.unread;
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
      DriverCall<?, R> call, Successes all, Taken taken, DecodedValues<R> to) {
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
        taken.unread.set(i);
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
    try {
      outcomes.finish(call, item, raw, run);
    } catch (Throwable e) {
      calls.drop(call, e);
    }
    return true;
  }
}
