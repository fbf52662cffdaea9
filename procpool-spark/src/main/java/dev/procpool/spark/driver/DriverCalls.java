package dev.procpool.spark.driver;

import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.PoolObserver;
import dev.procpool.WorkerExit;
import dev.procpool.items.PullThread;
import dev.procpool.local.CallEncoder;
import dev.procpool.local.EncodedOutcome;
import dev.procpool.spark.slots.SlotCall;
import dev.procpool.spark.slots.SlotItem;
import dev.procpool.spark.slots.SlotKey;
import dev.procpool.spark.slots.SlotScheduler;
import dev.procpool.spark.wire.Rpc;
import dev.procpool.spark.wire.ToExecutor;
import dev.procpool.spark.wire.Wire;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Nanos;
import dev.procpool.spi.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.rpc.RpcEndpointRef;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;

/**
 * The calls under way: their items go to the scheduler, and what comes back becomes outcomes, or
 * another attempt. Thread-safe; methods that say so are called with the backend's lock. Outcomes
 * are decoded and reported without it.
 */
final class DriverCalls {

  private static final long CANCEL_SECONDS = 5;

  private final String pool;
  private final ReentrantLock lock;
  private final SlotScheduler<DriverItem> scheduler;
  private final Executors executors;
  private final CallEncoder encoder;
  private final ScheduledExecutorService timer;
  private final Runnable ended;

  // ---- guarded by the lock

  /** By number, by which executors know them. */
  private final Map<Long, DriverCall<?, ?>> calls = new HashMap<>();

  private PoolObserver observer = new PoolObserver() {};
  private @Nullable RuntimeException refusal;

  /**
   * Makes one without calls.
   *
   * @param ended is run, with the lock, when a call has ended
   */
  DriverCalls(
      String pool,
      ReentrantLock lock,
      SlotScheduler<DriverItem> scheduler,
      Executors executors,
      CallEncoder encoder,
      ScheduledExecutorService timer,
      Runnable ended) {
    this.pool = pool;
    this.lock = lock;
    this.scheduler = scheduler;
    this.executors = executors;
    this.encoder = encoder;
    this.timer = timer;
    this.ended = ended;
  }

  private static long now() {
    return System.nanoTime();
  }

  // ---------------------------------------------------------------- into the pool

  <T extends @Nullable Object, R extends @Nullable Object> void begin(Submission<T, R> submission) {
    CallEncoder.Call<T, R> encoded = encoder.encode(submission.task());
    DriverCall<T, R> call = new DriverCall<>(this, submission, encoded, lock.newCondition());
    PullThread puller = submission.isImmediate() ? null : new PullThread(pool, call);
    RuntimeException refused;
    lock.lock();
    try {
      refused = refusal;
      if (refused == null) {
        calls.put(call.number(), call);
        if (puller != null) {
          call.pulledBy(puller);
        }
      }
    } finally {
      lock.unlock();
    }
    if (refused != null) {
      encoded.close();
      submission.abort(refused);
    } else if (puller == null) {
      call.run();
    } else {
      puller.startOr(() -> pulled(call));
    }
  }

  /** Has an item wait for a slot, once there is room: false if its call was stopped. */
  boolean enqueue(DriverItem item) {
    lock.lock();
    try {
      if (!item.call().awaitRoom(scheduler.target())) {
        return false;
      }
      item.call().add(item);
      scheduler.add(item.place(), now());
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** No more items of a call come. */
  void pulled(DriverCall<?, ?> call) {
    lock.lock();
    try {
      call.pulled();
      endIfOver(call);
    } finally {
      lock.unlock();
    }
  }

  /** A call that had no room for results has some. It may be said with the lock or without. */
  void roomFor(SlotCall<DriverItem> call) {
    try {
      timer.execute(
          () -> {
            lock.lock();
            try {
              scheduler.roomFor(call, now());
            } finally {
              lock.unlock();
            }
          });
    } catch (RejectedExecutionException e) {
      // the pool has ended: nothing is given out
    }
  }

  // ---------------------------------------------------------------- out of it

  void cancel(Submission<?, ?> submission, boolean interruptRunning) {
    List<DriverItem> left = new ArrayList<>();
    List<Future<byte[]>> told = new ArrayList<>();
    lock.lock();
    try {
      DriverCall<?, ?> call = calls.get(submission.number());
      if (call == null) {
        return;
      }
      left.addAll(call.stop());
      for (SlotItem<DriverItem> waiting : scheduler.takeOut(call.slots())) {
        call.reporting(waiting.payload());
        left.add(waiting.payload());
      }
      byte[] message =
          Wire.message(
              ToExecutor.CANCEL,
              out -> {
                out.writeLong(submission.number());
                out.writeBoolean(interruptRunning);
              });
      for (RpcEndpointRef agent : executors.agents(call.executors())) {
        told.add(Rpc.ask(agent, message, null, CANCEL_SECONDS));
      }
    } finally {
      lock.unlock();
    }
    left.forEach(this::reportCancelled);
    Executors.awaitAll(told, CANCEL_SECONDS); // so that nothing starts after this
  }

  private void reportCancelled(DriverItem item) {
    report(item.call(), item.cancelled(), ItemRun.UNKNOWN, 0);
  }

  private <R extends @Nullable Object> void report(
      DriverCall<?, R> call, Outcome<R> outcome, ItemRun run, long bytes) {
    try {
      call.attempts().report(outcome, run, Math.max(0, bytes));
    } finally {
      lock.lock();
      try {
        call.reported();
        endIfOver(call);
      } finally {
        lock.unlock();
      }
    }
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
    scheduler.took(item.place(), now());
    return run;
  }

  private <R extends @Nullable Object> void finish(
      DriverCall<?, R> call, DriverItem item, Outcome<byte[]> raw, ItemRun run) {
    Outcome<R> outcome = call.encoded().outcome(raw); // runs users' code
    if (outcome instanceof Outcome.TimedOut<R> timedOut) {
      tell(call, timedOut, run);
    }
    Optional<Duration> wait = call.attempts().waitBeforeNext(outcome);
    if (wait.isEmpty() || !tryAgain(call, item, outcome, raw, run, wait.get())) {
      report(call, outcome, run, run.receivedBytes());
    }
  }

  private <R extends @Nullable Object> void tell(
      DriverCall<?, R> call, Outcome.TimedOut<R> outcome, ItemRun run) {
    observer()
        .itemTimedOut(
            new PoolEvent.ItemTimeout(
                pool,
                Instant.now(),
                worker(outcome, run),
                call.name(),
                outcome.index(),
                outcome.attempts(),
                outcome.kind(),
                outcome.limit(),
                outcome.duration()));
  }

  private static PoolEvent.Worker worker(Outcome<?> outcome, ItemRun run) {
    PoolEvent.Worker worker = run.worker();
    return worker == null ? new PoolEvent.Worker(-1, outcome.host(), outcome.workerPid()) : worker;
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
      observer.itemRetried(
          new PoolEvent.ItemRetry(
              pool,
              Instant.now(),
              worker(outcome, run),
              call.name(),
              outcome.index(),
              outcome,
              wait));
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
      reportCancelled(stopped);
    }
  }

  // ---------------------------------------------------------------- the end of calls

  /** With the lock. */
  private void endIfOver(DriverCall<?, ?> call) {
    if (call.isOver() && calls.remove(call.number()) != null) {
      forget(call);
      ended.run();
    }
  }

  /** Nobody knows a call any more. */
  private void forget(DriverCall<?, ?> call) {
    call.encoded().close();
    byte[] message = Wire.message(ToExecutor.FORGET, out -> out.writeLong(call.number()));
    executors.agents(call.executors()).forEach(agent -> Rpc.send(agent, message));
  }

  /** Ends all calls, and refuses those to come, with the same exception. */
  void abortAll(RuntimeException why) {
    List<DriverCall<?, ?>> unfinished;
    lock.lock();
    try {
      if (refusal != null) {
        return;
      }
      refusal = why;
      unfinished = List.copyOf(calls.values());
      for (DriverCall<?, ?> call : unfinished) {
        call.stop();
        scheduler.forget(call.slots(), now());
      }
    } finally {
      lock.unlock();
    }
    unfinished.forEach(call -> call.submission().abort(why));
    lock.lock();
    try {
      for (DriverCall<?, ?> call : unfinished) {
        if (calls.remove(call.number()) != null) {
          forget(call);
        }
      }
      ended.run();
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- asked with the lock

  boolean isEmpty() {
    return calls.isEmpty();
  }

  @Nullable DriverCall<?, ?> get(long number) {
    return calls.get(number);
  }

  /** Names a call that an executor knows by its number. */
  PoolEvent.Call named(long number) {
    DriverCall<?, ?> known = calls.get(number);
    return known == null ? new PoolEvent.Call(number, Optional.empty()) : known.name();
  }

  void observe(PoolObserver whom) {
    observer = whom;
  }

  // ---------------------------------------------------------------- asked without

  PoolObserver observer() {
    lock.lock();
    try {
      return observer;
    } finally {
      lock.unlock();
    }
  }
}
