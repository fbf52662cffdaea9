package dev.procpool.spi;

import dev.procpool.Outcome;
import dev.procpool.PoolObserver;
import dev.procpool.PoolTerminatedException;
import dev.procpool.Progress;
import dev.procpool.Shared;
import dev.procpool.WorkerEnd;
import dev.procpool.WorkerInfo;
import dev.procpool.items.PullThread;
import dev.procpool.time.AwakeTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A backend that gives each worker one item at a time. All that is not the workers' own is done
 * here: calls take turns, items are pulled, limited in time, tried again, cancelled and reported,
 * workers are replaced, observers told. Whoever writes an {@link ItemWorker} has a backend:
 *
 * <pre>{@code
 * Backend backend = new ItemBackend("render", hosts.size(), i -> new Host(hosts.get(i)));
 * Pool pool = BackendPool.of("render", backend, OnClose.JOIN);
 * }</pre>
 *
 * <p>What holds beyond the contract of {@link Backend}:
 *
 * <ul>
 *   <li>A worker is made when there is an item for it, or by {@link #prestart}.
 *   <li>An item that runs into its time limit, or is cancelled while it runs, has its outcome at
 *       once; its worker is ended and replaced.
 *   <li>The time limit of an item begins when it is given to its worker. Its processor time is
 *       limited only where {@link ItemAttempt#run} runs it.
 *   <li>{@link #share} gives the tasks of this JVM the value itself. To a worker elsewhere the
 *       value goes along with each task or item that refers to it.
 *   <li>Where items take microseconds, other backends do better: they bundle them.
 * </ul>
 *
 * <p>Thread-safe. One lock guards all state of the backend, its calls and workers. Workers are
 * called with it, outcomes reported without it.
 *
 * @since 0.2.0
 */
public final class ItemBackend implements Backend {

  private final String name;
  private final AwakeTimer timer;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ItemNews news;

  // ---- guarded by lock

  private final ItemWorkers workers;
  private final Map<Submission<?, ?>, ItemCall<?, ?>> calls = new IdentityHashMap<>();

  private final ItemTurns turns;
  private final ItemReports reports;
  private long lastCall;
  private boolean shutdown;
  private boolean terminated;

  /**
   * Makes a backend without calls and workers.
   *
   * @param name the name of its pool: its threads begin with {@code procpool-} and it
   * @param workers how many workers there may be
   * @param maker makes the worker of a number: they count from 0, a replacement takes its
   *     predecessor's. Called as a worker's methods are, so it must not wait. If it throws, the
   *     item that the worker was for fails with that
   * @throws IllegalArgumentException if {@code workers} is not positive
   */
  public ItemBackend(String name, int workers, IntFunction<? extends ItemWorker> maker) {
    if (workers < 1) {
      throw new IllegalArgumentException("workers must be at least 1, was " + workers);
    }
    this.name = name;
    this.timer = new AwakeTimer("procpool-" + name + "-timer");
    this.news = new ItemNews(name);
    this.workers = new ItemWorkers(workers, maker, news);
    this.reports = new ItemReports(lock, this::endIfOver);
    this.turns = new ItemTurns(this, this.workers, reports, timer, news);
  }

  /** Does something with the lock, and what follows from it. */
  void act(Runnable change) {
    lock.lock();
    try {
      change.run();
      turns.dispatch();
    } finally {
      lock.unlock();
    }
    reports.make();
  }

  // ---------------------------------------------------------------- calls

  @Override
  public void submit(Submission<?, ?> submission) {
    submit(new ItemCall<>(this, submission, lock.newCondition()));
  }

  private void submit(ItemCall<?, ?> call) {
    boolean isImmediate = call.submission.isImmediate();
    PullThread puller = isImmediate ? null : new PullThread(name, call);
    boolean refused;
    lock.lock();
    try {
      refused = terminated;
      if (!refused) {
        calls.put(call.submission, call);
        call.items.pulledBy(puller);
        lastCall = Math.max(lastCall, call.submission.number());
      }
    } finally {
      lock.unlock();
    }
    if (refused) {
      call.submission.abort(terminatedException());
    } else if (puller == null) {
      call.run();
    } else {
      puller.startOr(() -> pulled(call));
    }
  }

  /** No more items of a call come. */
  void pulled(ItemCall<?, ?> call) {
    act(
        () -> {
          call.items.pulled();
          endIfOver(call);
        });
  }

  /** Has an item wait for its turn, once there is room: false if its call was stopped. */
  <T extends @Nullable Object> boolean enqueue(ItemCall<T, ?> call, ItemCall.Waiting<T> item) {
    lock.lock();
    try {
      if (!call.items.awaitRoom()) {
        return false;
      }
      turns.add(call, item);
      turns.dispatch();
    } finally {
      lock.unlock();
    }
    reports.make();
    return true;
  }

  @Override
  public void cancel(Submission<?, ?> submission, boolean interruptRunning) {
    act(
        () -> {
          ItemCall<?, ?> call = calls.get(submission);
          if (call != null) {
            cancel(call, interruptRunning);
          }
        });
  }

  private <T extends @Nullable Object, R extends @Nullable Object> void cancel(
      ItemCall<T, R> call, boolean interruptRunning) {
    turns.remove(call);
    for (ItemCall.Waiting<T> item : call.stop()) {
      reports.add(call, item.last().cancelled(), ItemRun.UNKNOWN);
    }
    if (interruptRunning) {
      for (ItemAttempt<T, R> attempt : call.items.running()) {
        turns.finish(attempt, attempt.soFar().cancelled(), WorkerEnd.CANCELLED);
      }
    }
    endIfOver(call);
  }

  /** The last call taken on has this number, or a lower one. */
  long lastCall() {
    lock.lock();
    try {
      return lastCall;
    } finally {
      lock.unlock();
    }
  }

  /** A task says how far its item has come; an observer never waits. */
  void progressed(ItemAttempt<?, ?> attempt, Progress progress) {
    lock.lock();
    try {
      if (!attempt.isOver) {
        news.progressed(attempt, progress);
      }
    } finally {
      lock.unlock();
    }
  }

  /** An attempt has ended by itself, or with its worker. */
  <R extends @Nullable Object> void end(ItemAttempt<?, R> attempt, Outcome<R> outcome) {
    act(() -> turns.finish(attempt, outcome, null));
  }

  // ---------------------------------------------------------------- workers

  @Override
  public <T extends @Nullable Object> Shared<T> share(T value) {
    return new SharedReference<>(value, this);
  }

  @Override
  public List<WorkerInfo> workers() {
    lock.lock();
    try {
      return workers.describe();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public BackendStats stats() {
    lock.lock();
    try {
      return workers.stats();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void observe(PoolObserver observer) {
    act(() -> news.tell(observer));
  }

  @Override
  public void resize(int number) {
    act(() -> workers.resize(number));
  }

  @Override
  public void prestart() {
    act(workers::makeAll);
  }

  // ---------------------------------------------------------------- the end

  @Override
  public void shutdown() {
    act(
        () -> {
          shutdown = true;
          endIfIdle();
        });
  }

  @Override
  public void terminate() {
    List<ItemCall<?, ?>> unfinished;
    lock.lock();
    try {
      if (terminated) {
        return;
      }
      terminated = true;
      unfinished = new ArrayList<>(calls.values());
      unfinished.forEach(call -> call.attempts.stop());
      turns.end();
    } finally {
      lock.unlock();
    }
    // before workers end: what tasks and sources make of that is no outcome any more
    unfinished.forEach(call -> call.submission.abort(terminatedException()));
    act(
        () -> {
          unfinished.forEach(ItemCall::drop);
          calls.clear();
          endIfIdle();
        });
  }

  private PoolTerminatedException terminatedException() {
    return new PoolTerminatedException("pool '" + name + "' was terminated");
  }

  private void endIfOver(ItemCall<?, ?> call) {
    if (call.items.isOver() && calls.remove(call.submission) != null) {
      endIfIdle();
    }
  }

  private void endIfIdle() {
    if ((shutdown || terminated) && calls.isEmpty() && ended.getCount() > 0) {
      timer.close();
      workers.endAll();
      news.terminated();
      ended.countDown();
    }
  }

  /** Waits until no call is left, and none comes, and all workers were told to end. */
  @Override
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    return ended.await(Nanos.of(timeout), TimeUnit.NANOSECONDS);
  }
}
