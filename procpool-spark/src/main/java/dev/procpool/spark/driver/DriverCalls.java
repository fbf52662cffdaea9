package dev.procpool.spark.driver;

import dev.procpool.Outcome;
import dev.procpool.PoolEvent;
import dev.procpool.guard.SafeLog;
import dev.procpool.items.PullThread;
import dev.procpool.local.CallEncoder;
import dev.procpool.spark.slots.SlotCall;
import dev.procpool.spark.slots.SlotItem;
import dev.procpool.spark.slots.SlotScheduler;
import dev.procpool.spark.wire.Rpc;
import dev.procpool.spark.wire.ToExecutor;
import dev.procpool.spark.wire.Wire;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.Submission;
import dev.procpool.spi.WorkerName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.spark.rpc.RpcEndpointRef;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;

/**
 * The calls under way: their items go to the scheduler, and their outcomes to whoever has made
 * them. Thread-safe; methods that say so are called with the backend's lock. Outcomes are reported
 * without it.
 */
final class DriverCalls {

  private static final long CANCEL_SECONDS = 5;

  private final String pool;
  private final ReentrantLock lock;
  private final SlotScheduler<DriverItem> scheduler;
  private final Executors executors;
  private final CallEncoder encoder;
  private final ScheduledExecutorService timer;
  private final Executor threads;
  private final Runnable ended;

  // ---- guarded by the lock

  /** By number, by which executors know them. */
  private final Map<Long, DriverCall<?, ?>> calls = new HashMap<>();

  private @Nullable RuntimeException refusal;

  /**
   * Makes one without calls.
   *
   * @param threads for what waits for executors
   * @param ended is run, with the lock, when a call has ended
   */
  DriverCalls(
      String pool,
      ReentrantLock lock,
      SlotScheduler<DriverItem> scheduler,
      Executors executors,
      CallEncoder encoder,
      ScheduledExecutorService timer,
      Executor threads,
      Runnable ended) {
    this.pool = pool;
    this.lock = lock;
    this.scheduler = scheduler;
    this.executors = executors;
    this.encoder = encoder;
    this.timer = timer;
    this.threads = threads;
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

  /** Has items wait for a slot, once there is room: false if their call was stopped. */
  boolean enqueue(DriverCall<?, ?> call, List<DriverItem> items) {
    lock.lock();
    try {
      if (!call.awaitRoom(scheduler.target())) {
        return false;
      }
      add(call, items);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has items wait for slots, with the lock. If that fails their call is to end: none of its items
   * waits any more then.
   */
  void add(DriverCall<?, ?> call, List<DriverItem> items) {
    try {
      List<SlotItem<DriverItem>> places = new ArrayList<>(items.size());
      for (DriverItem item : items) {
        call.add(item);
        places.add(item.place());
      }
      scheduler.add(places, now());
    } catch (Throwable e) {
      scheduler.takeOut(call.slots());
      call.forgetWaiting();
      throw e;
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

  /** An item was not started, and is not to be. Called without the lock, as the next one is. */
  void reportCancelled(DriverItem item) {
    report(item.call(), item.cancelled(), ItemRun.UNKNOWN, 0);
  }

  /** Gives an item its outcome. */
  <R extends @Nullable Object> void report(
      DriverCall<?, R> call, Outcome<R> outcome, ItemRun run, long bytes) {
    try {
      call.attempts().report(outcome, run, Math.max(0, bytes));
    } catch (Throwable e) {
      drop(call, e); // it may have none
    } finally {
      reported(call, 1);
    }
  }

  /** Gives items their values. */
  <R extends @Nullable Object> void report(
      DriverCall<?, R> call,
      DecodedValues<R> values,
      int attempts,
      WorkerName worker,
      ItemRun run) {
    try {
      call.submission().succeeded(values.indexes(), values, attempts, values.nanos(), worker, run);
    } catch (Throwable e) {
      drop(call, e); // some may have none
    } finally {
      reported(call, values.size());
    }
  }

  /** Items that were {@linkplain DriverCall#reporting taken} have their outcomes. */
  void reported(DriverCall<?, ?> call, int items) {
    lock.lock();
    try {
      call.reported(items);
      endIfOver(call);
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- the end of calls

  /** Drops the call of a number, if there is one. Called without the lock, as the others are. */
  void drop(long number, Throwable why) {
    DriverCall<?, ?> call;
    lock.lock();
    try {
      call = calls.get(number);
    } finally {
      lock.unlock();
    }
    if (call != null) {
      drop(call, why);
    }
  }

  /** Drops the call of items that were taken, if that was not done in full, and counts them. */
  void giveUp(DriverCall<?, ?> call, List<SlotItem<DriverItem>> taken, Throwable why) {
    drop(call, why); // first: it makes room, if that was missing
    try {
      lock.lock();
      try {
        scheduler.took(taken, now()); // those that slots still have
      } finally {
        lock.unlock();
      }
    } finally {
      reported(call, taken.size());
    }
  }

  /**
   * Ends a call of which an item's outcome is lost, so that nobody waits for it, and has executors
   * stop what they have of it. It throws nothing.
   */
  void drop(DriverCall<?, ?> call, Throwable why) {
    try {
      call.submission().drop(why);
    } catch (Throwable e) {
      SafeLog.log(System.Logger.Level.WARNING, "a call can't be dropped yet", e);
    }
    SafeLog.log(System.Logger.Level.WARNING, "a call has ended without its outcomes", why);
    try {
      threads.execute(
          () -> {
            call.submission().drop(why); // again: there may have been no memory
            cancel(call.submission(), true); // waits for executors
          });
    } catch (Throwable e) { // the pool has ended, say
      SafeLog.log(System.Logger.Level.DEBUG, "a call that was dropped can't be cancelled", e);
    }
  }

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
}
