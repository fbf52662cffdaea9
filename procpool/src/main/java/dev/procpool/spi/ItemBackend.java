package dev.procpool.spi;

import dev.procpool.Outcome;
import dev.procpool.PoolObserver;
import dev.procpool.PoolTerminatedException;
import dev.procpool.Shared;
import dev.procpool.WorkerEnd;
import dev.procpool.WorkerExit;
import dev.procpool.WorkerInfo;
import dev.procpool.time.AwakeTimer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
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
 *   <li>The time limit of an item begins when it is given to its worker.
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

  /** Items of a call that are pulled ahead of the workers. */
  private static final int READ_AHEAD = 16;

  private final String name;
  private final AwakeTimer timer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition end = lock.newCondition();
  private final ItemNews news;

  // ---- guarded by lock

  private final ItemWorkers workers;
  private final Map<Submission<?, ?>, ItemCall<?, ?>> calls = new IdentityHashMap<>();

  /** The calls with items that wait, each once, in the order of their turns. */
  private final Queue<ItemCall<?, ?>> turns = new ArrayDeque<>();

  /** What is to be reported once nobody here holds the lock. */
  private final Queue<Report<?>> due = new ArrayDeque<>();

  private long lastCall;
  private boolean dispatching;
  private boolean shutdown;
  private boolean terminated;
  private boolean ended;

  private record Report<R extends @Nullable Object>(
      ItemCall<?, R> call, Outcome<R> outcome, ItemRun run) {}

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
  }

  /** Does something with the lock, and what follows from it. */
  private void act(Runnable change) {
    lock.lock();
    try {
      change.run();
      dispatch();
    } finally {
      lock.unlock();
    }
    report();
  }

  // ---------------------------------------------------------------- calls

  @Override
  public void submit(Submission<?, ?> submission) {
    submit(new ItemCall<>(this, submission, lock.newCondition()));
  }

  private void submit(ItemCall<?, ?> call) {
    boolean isImmediate = call.submission.isImmediate();
    Thread puller = isImmediate ? null : puller(call);
    boolean refused;
    lock.lock();
    try {
      refused = terminated;
      if (!refused) {
        calls.put(call.submission, call);
        call.puller = puller;
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
      start(puller, call);
    }
  }

  private void start(Thread puller, ItemCall<?, ?> call) {
    boolean begun = false;
    try {
      puller.start();
      begun = true;
    } finally {
      if (!begun) { // no thread to be had
        pulled(call);
      }
    }
  }

  private Thread puller(ItemCall<?, ?> call) {
    Thread thread = new Thread(null, call::runQuietly, "procpool-" + name + "-feeder", 0, false);
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    thread.setDaemon(true);
    return thread;
  }

  /** No more items of a call come. */
  void pulled(ItemCall<?, ?> call) {
    act(
        () -> {
          call.pulled = true;
          call.puller = null;
          endIfOver(call);
        });
  }

  /** Has an item wait for its turn, once there is room: false if its call was stopped. */
  <T extends @Nullable Object> boolean enqueue(ItemCall<T, ?> call, ItemCall.Waiting<T> item) {
    lock.lock();
    try {
      while (!call.isStopped && call.waiting.size() >= READ_AHEAD) {
        call.space.awaitUninterruptibly();
      }
      if (call.isStopped) {
        return false;
      }
      add(call, item);
      dispatch();
    } finally {
      lock.unlock();
    }
    report();
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
      report(call, item.last().cancelled(), ItemRun.UNKNOWN);
    }
    if (interruptRunning) {
      for (ItemAttempt<T, R> attempt : List.copyOf(call.running)) {
        finish(attempt, attempt.soFar().cancelled(), WorkerEnd.CANCELLED);
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

  // ---------------------------------------------------------------- items

  private <T extends @Nullable Object> void add(ItemCall<T, ?> call, ItemCall.Waiting<T> item) {
    if (call.waiting.isEmpty()) {
      turns.add(call);
    }
    call.waiting.add(item);
  }

  /** Gives workers items as long as there are both. */
  private void dispatch() {
    if (dispatching) {
      return; // further out on this thread
    }
    dispatching = true;
    try {
      while (!terminated && !turns.isEmpty() && workers.isFree()) {
        ItemCall<?, ?> call = turns.remove();
        start(call, workers.take());
        if (!call.waiting.isEmpty()) {
          turns.add(call);
        }
      }
    } finally {
      dispatching = false;
    }
  }

  @SuppressWarnings("unchecked") // what a worker makes of an item is the user's task's result
  private <T extends @Nullable Object, R extends @Nullable Object> void start(
      ItemCall<T, R> call, ItemSlot slot) {
    ItemAttempt<T, R> attempt = call.next(slot);
    slot.attempt = attempt;
    try {
      call.submission.options().timeout().ifPresent(limit -> limit(attempt, limit));
      slot.worker.start((ItemAttempt<@Nullable Object, @Nullable Object>) attempt);
    } catch (Throwable e) {
      finish(attempt, attempt.soFar().failed(e), WorkerEnd.START_FAILED);
    }
  }

  private <R extends @Nullable Object> void limit(ItemAttempt<?, R> attempt, Duration limit) {
    attempt.alarm =
        timer.set(
            Nanos.of(limit),
            () ->
                act(
                    () ->
                        finish(
                            attempt,
                            attempt.soFar().timedOut(limit, attempt.stack(), false),
                            WorkerEnd.TIMED_OUT)));
  }

  /** An attempt has ended by itself, or with its worker. */
  <R extends @Nullable Object> void end(ItemAttempt<?, R> attempt, Outcome<R> outcome) {
    act(() -> finish(attempt, outcome, null));
  }

  /**
   * Takes an attempt off its call and its worker. Does nothing if that was done before.
   *
   * @param stopped why the worker ends that still runs it; null if it does not run any more
   */
  private <T extends @Nullable Object, R extends @Nullable Object> void finish(
      ItemAttempt<T, R> attempt, Outcome<R> outcome, @Nullable WorkerEnd stopped) {
    if (attempt.isOver) {
      return;
    }
    ItemCall<T, R> call = attempt.call;
    attempt.isOver = true;
    call.running.remove(attempt);
    if (attempt.alarm != null) {
      attempt.alarm.cancel();
    }
    if (outcome instanceof Outcome.TimedOut<?> timedOut) {
      news.timedOut(attempt, timedOut);
    }
    if (outcome instanceof Outcome.WorkerLost<?> lost) {
      WorkerExit exit = lost.exit();
      workers.end(attempt.slot, WorkerEnd.of(exit), exit);
    } else if (stopped != null) {
      workers.end(attempt.slot, stopped, null);
    } else {
      workers.giveBack(attempt.slot);
    }
    Optional<Duration> wait = call.attempts.waitBeforeNext(outcome);
    if (wait.isPresent()) {
      news.retried(attempt, outcome, wait.get());
      startAgain(attempt, outcome, wait.get());
    } else {
      report(call, outcome, ItemNews.run(attempt));
    }
  }

  private <T extends @Nullable Object, R extends @Nullable Object> void startAgain(
      ItemAttempt<T, R> attempt, Outcome<R> outcome, Duration wait) {
    ItemCall<T, R> call = attempt.call;
    ItemCall.Waiting<T> item =
        new ItemCall.Waiting<>(attempt.item(), Attempt.of(outcome), attempt.waiting.pulledAt());
    if (wait.isZero()) {
      add(call, item);
      return;
    }
    call.delayed.add(item);
    timer.set(
        Nanos.of(wait),
        () ->
            act(
                () -> {
                  if (call.delayed.remove(item)) {
                    add(call, item);
                  }
                }));
  }

  // ---------------------------------------------------------------- reports

  private <R extends @Nullable Object> void report(
      ItemCall<?, R> call, Outcome<R> outcome, ItemRun run) {
    call.reporting++;
    due.add(new Report<>(call, outcome, run));
  }

  /** Reports what is due, without the lock: callers must not hold it, but for one further out. */
  private void report() {
    while (!lock.isHeldByCurrentThread()) {
      Report<?> report;
      lock.lock();
      try {
        report = due.poll();
      } finally {
        lock.unlock();
      }
      if (report == null) {
        return;
      }
      report(report);
    }
  }

  private <R extends @Nullable Object> void report(Report<R> report) {
    ItemCall<?, R> call = report.call();
    try {
      call.attempts.report(report.outcome(), report.run());
    } finally {
      lock.lock();
      try {
        call.reporting--;
        endIfOver(call);
      } finally {
        lock.unlock();
      }
    }
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
      turns.clear();
    } finally {
      lock.unlock();
    }
    // before workers end: what tasks and sources make of that is no outcome any more
    unfinished.forEach(call -> call.submission.abort(terminatedException()));
    act(
        () -> {
          unfinished.forEach(this::drop);
          calls.clear();
          endIfIdle();
        });
  }

  /** Lets go of a call that has ended. */
  private void drop(ItemCall<?, ?> call) {
    call.stop();
    call.running.forEach(attempt -> attempt.isOver = true);
    call.running.clear();
  }

  private PoolTerminatedException terminatedException() {
    return new PoolTerminatedException("pool '" + name + "' was terminated");
  }

  private void endIfOver(ItemCall<?, ?> call) {
    if (call.isOver() && calls.remove(call.submission) != null) {
      endIfIdle();
    }
  }

  private void endIfIdle() {
    if ((shutdown || terminated) && calls.isEmpty() && !ended) {
      ended = true;
      timer.close();
      workers.endAll();
      news.terminated();
      end.signalAll();
    }
  }

  /** Waits until no call is left, and none comes, and all workers were told to end. */
  @Override
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    long left = Nanos.of(timeout);
    lock.lockInterruptibly();
    try {
      while (!ended) {
        if (left <= 0) {
          return false;
        }
        left = end.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
