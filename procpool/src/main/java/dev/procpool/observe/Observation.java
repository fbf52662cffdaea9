package dev.procpool.observe;

import dev.procpool.Outcome;
import dev.procpool.OutcomeKind;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.PoolState;
import dev.procpool.PoolStats;
import dev.procpool.WorkerEnd;
import dev.procpool.events.FlightRecorderObserver;
import dev.procpool.spi.ItemRun;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a pool tells of itself: counts it, and passes it to the pool's observers. The one place
 * through which all of it goes, whatever the backend. Thread-safe; nothing here waits or runs
 * users' code, but for {@link #awaitDelivered}.
 *
 * <p>Flight Recorder is called at once: it is trusted not to block, its events carry the time at
 * which they are made, and none of them is dropped. Users' observers each have a queue and a thread
 * (decision 0038).
 *
 * <p>Must not refer to the pool: see {@code call.PoolLife}. A backend is a {@link PoolObserver}'s
 * source: it calls the methods of that interface that tell of workers and repeated attempts.
 */
public final class Observation implements PoolObserver {

  private final String pool;
  private final Observers observers;
  private final @Nullable FlightRecorderObserver flight;
  private final Counters counters = new Counters();

  /**
   * Makes what tells of a pool.
   *
   * @param pool its name
   * @param observers whom to tell
   */
  public Observation(String pool, List<PoolObserver> observers) {
    this.pool = pool;
    this.flight = FlightRecorderObserver.ofThisJvm();
    this.observers = Observers.of(pool, observers);
  }

  /**
   * Starts to tell, with the first event. Does nothing twice; may be called again where it throws,
   * for want of a thread.
   */
  public void begin() {
    observers.begin();
  }

  /** Loads what the first question takes, so that nobody waits for it then. */
  public void prepare() {
    recordsItems();
  }

  /**
   * Tells whether anybody may be told of what is rare.
   *
   * @return whether it is worth making events
   */
  public boolean isOn() {
    return observers.isOn() || (flight != null && FlightRecorderObserver.isOn());
  }

  /**
   * Tells whether anybody is told of items that have ended: asked once for many.
   *
   * @return whether it is worth making events
   */
  public boolean recordsItems() {
    return observers.isOn() || (flight != null && flight.recordsItems());
  }

  /**
   * Tells whether anybody is told of items that were sent.
   *
   * @return whether it is worth making events
   */
  public boolean recordsChunks() {
    return observers.isOn() || (flight != null && flight.recordsChunks());
  }

  /** Gives the pool's name, as events have it. */
  public String pool() {
    return pool;
  }

  /** Tells one more from now on: see {@link dev.procpool.Pool#observe}. */
  public PoolObserver.Registration observe(PoolObserver observer, Supplier<PoolState> state) {
    return observers.join(observer, state);
  }

  // ------------------------------------------------------------------ the pool

  /**
   * The pool has another state, which is not the last.
   *
   * @param state the state
   * @param cause why it is broken; null otherwise
   */
  public void poolChanged(PoolState state, @Nullable Throwable cause) {
    observers.poolChanged(state, cause);
  }

  @Override
  public void poolChanged(PoolEvent.PoolChange event) {
    if (event.state() == PoolState.TERMINATED) {
      terminated();
    } else {
      observers.poolChanged(event);
    }
  }

  /** All has ended: nothing is told after this. Does nothing twice. */
  public void terminated() {
    observers.terminated();
  }

  /** Has this done at the pool's end, by the thread that ends it; it must not throw. */
  public void whenEnded(Runnable what) {
    observers.whenEnded(what);
  }

  /** Tells whether this thread is one on which an observer is called. */
  public boolean isObserver() {
    return observers.isObserver();
  }

  /**
   * Waits, after the end, until observers have taken their last events; not for one that calls
   * this, and for others only for a while after the pool's end.
   *
   * @param nanos the longest time to wait
   * @return false if there is an observer that may still take some
   * @throws InterruptedException if this thread was interrupted
   */
  public boolean awaitDelivered(long nanos) throws InterruptedException {
    return observers.awaitDelivered(nanos);
  }

  // ------------------------------------------------------------------ workers

  /** A worker was started, and nobody wants to know which. */
  public void workerStarted() {
    counters.workerStarted();
  }

  @Override
  public void workerStarted(PoolEvent.WorkerStart event) {
    counters.workerStarted();
    observers.tell(observer -> observer.workerStarted(event));
  }

  @Override
  public void workerReady(PoolEvent.WorkerReady event) {
    if (flight != null) {
      flight.workerReady(event);
    }
    observers.tell(observer -> observer.workerReady(event));
  }

  /**
   * A worker has ended, and nobody wants to know which.
   *
   * @param why what ended it
   */
  public void workerEnded(WorkerEnd why) {
    counters.workerEnded(why);
  }

  @Override
  public void workerEnded(PoolEvent.WorkerGone event) {
    counters.workerEnded(event.why());
    if (flight != null) {
      flight.workerEnded(event);
    }
    observers.tell(observer -> observer.workerEnded(event));
  }

  // ------------------------------------------------------------------ calls

  /**
   * A call was made.
   *
   * @param call the call
   */
  public void callBegun(ObservedCall call) {
    if (observers.isOn()) {
      PoolEvent.CallBegin event =
          new PoolEvent.CallBegin(pool, Instant.now(), call.call(), call.items(), call.carried());
      WeakReference<ObservedCall> followed = new WeakReference<>(call); // it has the results
      observers.tellThreads(thread -> thread.begun(followed, event));
    }
  }

  /**
   * A call has ended.
   *
   * @param call the call
   * @param done how many of its items have ended
   * @param failed how many of these without success
   * @param nanos how long ago it was made
   */
  public void callEnded(ObservedCall call, long done, long failed, long nanos) {
    if (observers.isOn()) {
      PoolEvent.CallEnd event =
          new PoolEvent.CallEnd(
              pool, Instant.now(), call.call(), done, failed, Duration.ofNanos(nanos));
      observers.tellThreads(thread -> thread.ended(event));
    }
  }

  // ------------------------------------------------------------------ items

  @Override
  public void itemsSent(PoolEvent.ItemsSent event) {
    if (flight != null) {
      flight.itemsSent(event);
    }
    observers.tellOfItem(observer -> observer.itemsSent(event));
  }

  /**
   * Items have succeeded. Each is told once.
   *
   * @param call their call
   * @param indexes the items; not kept
   * @param nanos how long each ran; not kept
   * @param count how many there are
   * @param attempts how often each was started
   * @param run what else is known
   */
  public void succeeded(
      ObservedCall call, long[] indexes, long[] nanos, int count, int attempts, ItemRun run) {
    counters.succeeded(call, indexes, nanos, count, run);
    if (recordsItems()) {
      itemsEnded(
          new ItemBatch(
              pool,
              Instant.now(),
              call.call(),
              OutcomeKind.SUCCESS,
              null,
              attempts,
              run,
              count,
              indexes[0],
              Arrays.copyOf(indexes, count),
              Arrays.copyOf(nanos, count)));
    }
  }

  /**
   * An item has ended.
   *
   * @param call its call
   * @param kind how
   * @param outcome its outcome; null if it succeeded
   * @param index its index
   * @param attempts how often it was started
   * @param nanos how long it ran
   * @param run what else is known
   */
  public void ended(
      ObservedCall call,
      OutcomeKind kind,
      @Nullable Outcome<?> outcome,
      long index,
      int attempts,
      long nanos,
      ItemRun run) {
    counters.ended(call, kind, index, attempts, nanos, run);
    if (recordsItems()) {
      itemsEnded(
          new ItemBatch(
              pool,
              Instant.now(),
              call.call(),
              kind,
              outcome,
              attempts,
              run,
              1,
              index,
              null,
              new long[] {nanos}));
    }
  }

  /**
   * Items have ended with their call, without an outcome of their own; for the statistics.
   *
   * @param kind what they end as
   * @param count how many
   */
  public void countEnded(OutcomeKind kind, long count) {
    counters.ended(kind, count);
  }

  /**
   * Items that follow each other have ended with their call, for observers.
   *
   * @param call their call
   * @param kind what they end as
   * @param from the first
   * @param to the one after the last
   */
  public void endedWithCall(ObservedCall call, OutcomeKind kind, long from, long to) {
    for (long first = from; first < to; first += Integer.MAX_VALUE) {
      int size = (int) Math.min(to - first, Integer.MAX_VALUE);
      itemsEnded(
          new ItemBatch(
              pool,
              Instant.now(),
              call.call(),
              kind,
              null,
              0,
              ItemRun.UNKNOWN,
              size,
              first,
              null,
              null));
    }
  }

  /**
   * There was no memory to tell of items that have ended: observers are told that they have missed
   * some. Makes nothing.
   *
   * @param count how many
   */
  public void missed(long count) {
    observers.missed(count);
  }

  private void itemsEnded(ItemBatch items) {
    if (flight != null) {
      flight.itemsEnded(items);
    }
    observers.tellOfItems(observer -> observer.itemsEnded(items), items.weight(), items.size());
  }

  @Override
  public void itemProgressed(PoolEvent.ItemProgress event) {
    observers.tellOfItem(observer -> observer.itemProgressed(event));
  }

  @Override
  public void itemTimedOut(PoolEvent.ItemTimeout event) {
    if (flight != null) {
      flight.itemTimedOut(event);
    }
    observers.tellOfItem(observer -> observer.itemTimedOut(event));
  }

  @Override
  public void itemRetried(PoolEvent.ItemRetry event) {
    counters.retried();
    if (flight != null) {
      flight.itemRetried(event);
    }
    observers.tellOfOutcome(observer -> observer.itemRetried(event));
  }

  /** An item will be tried again, and nobody wants to know which. */
  public void itemRetried() {
    counters.retried();
  }

  // ------------------------------------------------------------------ statistics

  /**
   * Gives what was counted.
   *
   * @param sentBytes what the backend has counted
   * @param receivedBytes the same, the other way
   * @return the counts
   */
  public PoolStats.Totals totals(long sentBytes, long receivedBytes) {
    return counters.totals(sentBytes, receivedBytes, observers.dropped());
  }
}
