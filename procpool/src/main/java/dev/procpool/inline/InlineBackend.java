package dev.procpool.inline;

import dev.procpool.Outcome;
import dev.procpool.PoolTerminatedException;
import dev.procpool.RetryPolicy;
import dev.procpool.Shared;
import dev.procpool.WorkerInfo;
import dev.procpool.job.SharedValues;
import dev.procpool.nesting.Nesting;
import dev.procpool.sharing.SharedLife;
import dev.procpool.spi.Backend;
import dev.procpool.spi.Nanos;
import dev.procpool.spi.Submission;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs tasks on threads of this JVM.
 *
 * <p>Threads: one feeder a call pulls and encodes its items; the workers take turns among the
 * calls, an item at a time; one watchdog interrupts at time limits and starts items again. {@code
 * lock} guards all state of the backend, its calls and runs. User code, and reports, run without
 * it.
 *
 * <pre>
 *   a run:  RUNNING ── its task returns or throws ─────────────────────────> FINISHED
 *              | time limit, cancel(true): interrupt          finish           ^
 *           STOPPING ── its task returns or throws ────────────────────────────|
 *              | one second later: the worker is abandoned, another started    |
 *              └───────────────────────────────────────────── abandon ─────────┘
 * </pre>
 */
final class InlineBackend implements Backend {

  private static final Duration GRACE = Duration.ofSeconds(1);

  /** Items of a call that are encoded ahead of the workers. */
  private static final int READ_AHEAD = 16;

  private final String poolName;
  private final String threadName;
  private final ScheduledThreadPoolExecutor watchdog;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition change = lock.newCondition();
  private final SharedValues shared = new SharedValues();

  // ---- guarded by lock

  private final Map<Submission<?, ?>, InlineCall<?, ?>> calls = new IdentityHashMap<>();

  /** The calls with items waiting, each once, in the order of their turns. */
  private final Queue<InlineCall<?, ?>> turns = new ArrayDeque<>();

  private final TreeMap<Integer, InlineWorker> workers = new TreeMap<>();
  private int target;

  /** Whether workers start when they are needed only: where the pool may be made for nothing. */
  private boolean waitsForCall = Nesting.isWorker();

  private boolean shutdown;
  private boolean terminated;
  private long terminatedNanos;

  InlineBackend(String poolName, int workers) {
    this.poolName = poolName;
    threadName = "procpool-" + poolName;
    watchdog = new ScheduledThreadPoolExecutor(1, body -> daemon(body, threadName + "-watchdog"));
    watchdog.setRemoveOnCancelPolicy(true);
    resize(workers);
  }

  private static Thread daemon(Runnable body, String name) {
    Thread thread = new Thread(null, body, name, 0, false);
    thread.setDaemon(true);
    return thread;
  }

  // ---------------------------------------------------------------- calls

  @Override
  public void submit(Submission<?, ?> submission) {
    InlineCall<?, ?> call;
    boolean refused;
    lock.lock();
    try {
      call = new InlineCall<>(submission, lock.newCondition());
      refused = terminated;
      if (!refused) {
        waitsForCall = false;
        startMissing();
        calls.put(submission, call);
        if (!submission.isImmediate()) {
          call.feeder = daemon(() -> feed(call), threadName + "-feeder");
        }
      }
    } finally {
      lock.unlock();
    }
    if (refused) {
      submission.abort(terminatedException());
      return;
    }
    boolean begun = false;
    try {
      call.encodeTask();
      if (submission.isImmediate()) {
        feed(call);
      } else {
        call.feeder.start();
      }
      begun = true;
    } finally {
      if (!begun) { // no memory left, or no thread to be had
        fed(call);
      }
    }
  }

  private void feed(InlineCall<?, ?> call) {
    try {
      for (InlineItem item = call.pull(); item != null; item = call.pull()) {
        enqueue(call, item);
      }
    } catch (InterruptedException e) {
      if (call.submission.isImmediate()) {
        Thread.currentThread().interrupt();
      } // else the call was cancelled or the pool terminated: both have seen to the rest
    } catch (Throwable e) {
      call.submission.abort(e);
    }
    fed(call);
  }

  private void fed(InlineCall<?, ?> call) {
    lock.lock();
    try {
      call.fed = true;
      call.feeder = null;
      endIfOver(call);
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(InlineCall<?, ?> call, InlineItem item) throws InterruptedException {
    lock.lock();
    try {
      while (!call.cancelled && !terminated && call.waiting.size() >= READ_AHEAD) {
        call.space.awaitUninterruptibly();
      }
      if (!call.cancelled) {
        if (!terminated) {
          addWaiting(call, item);
        }
        return;
      }
    } finally {
      lock.unlock();
    }
    call.settleCancelled(item);
  }

  private void addWaiting(InlineCall<?, ?> call, InlineItem item) {
    if (call.waiting.isEmpty()) {
      turns.add(call);
    }
    call.waiting.add(item);
    work.signal();
  }

  @Override
  public void cancel(Submission<?, ?> submission, boolean interruptRunning) {
    InlineCall<?, ?> call;
    List<InlineItem> removed;
    lock.lock();
    try {
      call = calls.get(submission);
      if (call == null) {
        return;
      }
      call.cancelled = true;
      removed = call.removeWaiting();
      call.reporting++;
      turns.remove(call);
      call.space.signalAll();
      if (call.feeder != null) {
        call.feeder.interrupt();
      }
      if (interruptRunning) {
        call.running.forEach(run -> stop(run, InlineRun.Stop.CANCELLED));
      }
    } finally {
      lock.unlock();
    }
    removed.forEach(call::settleCancelled);
    reported(call);
  }

  private void reported(InlineCall<?, ?> call) {
    lock.lock();
    try {
      call.reporting--;
      endIfOver(call);
    } finally {
      lock.unlock();
    }
  }

  private void endIfOver(InlineCall<?, ?> call) {
    if (call.isOver() && calls.remove(call.submission) != null) {
      call.uses.end();
      endIfIdle();
    }
  }

  // ---------------------------------------------------------------- workers

  /** The life of a worker's thread. */
  void work(InlineWorker worker) {
    while (performNext(worker)) {
      // in a frame of its own, so that a waiting thread holds on to no item
    }
  }

  private boolean performNext(InlineWorker worker) {
    InlineRun<?> run = next(worker);
    if (run != null) {
      perform(run);
    }
    return run != null;
  }

  private InlineRun<?> next(InlineWorker worker) {
    lock.lock();
    try {
      while (workers.get(worker.number()) == worker) {
        if (terminated || workers.size() > target || (shutdown && calls.isEmpty())) {
          workers.remove(worker.number());
          endIfIdle();
          break;
        }
        InlineCall<?, ?> call = turns.poll();
        if (call != null) {
          return start(call, worker);
        }
        work.awaitUninterruptibly();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private <R> InlineRun<R> start(InlineCall<?, R> call, InlineWorker worker) {
    InlineItem item = call.waiting.remove().startedAgain();
    call.space.signal();
    if (!call.waiting.isEmpty()) {
      turns.add(call);
    }
    InlineRun<R> run = new InlineRun<>(call, item, worker);
    call.running.add(run);
    worker.run = run;
    call.submission
        .options()
        .timeout()
        .ifPresent(limit -> run.alarm = later(limit, () -> alarm(run)));
    return run;
  }

  private <R> void perform(InlineRun<R> run) {
    Outcome<R> outcome = run.call.run(run);
    boolean retried;
    lock.lock();
    try {
      if (run.finished) {
        return; // abandoned: the item is settled, this thread ends
      }
      Thread.interrupted(); // meant for the task, if anyone
      run.worker.tasksDone++;
      run.worker.run = null;
      outcome = run.stop == null ? outcome : run.call.stopped(run);
      retried = finish(run, outcome);
    } finally {
      lock.unlock();
    }
    if (!retried) {
      run.call.report(outcome);
    }
    reported(run.call);
  }

  /** Takes a run off its call: true if the item is to be started again. Leaves a report due. */
  private <R> boolean finish(InlineRun<R> run, Outcome<R> outcome) {
    InlineCall<?, R> call = run.call;
    run.finished = true;
    call.running.remove(run);
    call.reporting++;
    if (run.alarm != null) {
      run.alarm.cancel();
    }
    RetryPolicy policy = call.submission.options().retry().orElse(null);
    if (policy == null || call.cancelled || terminated || !policy.retries(outcome)) {
      return false;
    }
    Duration delay = policy.delay(outcome.attempts());
    if (delay.isZero()) {
      addWaiting(call, run.item);
    } else {
      call.delayed.add(run.item);
      later(delay, () -> startAgain(call, run.item));
    }
    return true;
  }

  private void startAgain(InlineCall<?, ?> call, InlineItem item) {
    lock.lock();
    try {
      if (call.delayed.remove(item)) {
        addWaiting(call, item);
      }
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- stopping runs

  private void alarm(InlineRun<?> run) {
    lock.lock();
    try {
      stop(run, InlineRun.Stop.TIME_LIMIT);
    } finally {
      lock.unlock();
    }
  }

  private void stop(InlineRun<?> run, InlineRun.Stop why) {
    if (run.finished || run.stop != null) {
      return;
    }
    run.stack = List.of(run.worker.thread().getStackTrace());
    run.stop = why;
    run.worker.thread().interrupt();
    if (run.alarm != null) {
      run.alarm.cancel();
    }
    run.alarm = later(GRACE, () -> abandon(run));
  }

  private <R> void abandon(InlineRun<R> run) {
    Outcome<R> outcome;
    boolean retried;
    lock.lock();
    try {
      if (run.finished) {
        return;
      }
      outcome = run.call.stopped(run);
      retried = finish(run, outcome);
      workers.remove(run.worker.number());
      startMissing();
    } finally {
      lock.unlock();
    }
    if (!retried) {
      run.call.report(outcome);
    }
    reported(run.call);
  }

  private AwakeAlarm later(Duration delay, Runnable action) {
    if (terminated) {
      return null;
    }
    return new AwakeAlarm(watchdog, Nanos.of(delay), action);
  }

  // ---------------------------------------------------------------- the pool's other methods

  @Override
  public <T> Shared<T> share(T value) {
    SharedLife life = InlineShared.life();
    InlineShared<T> handle = InlineShared.of(value, life);
    if (!shared.keep(handle, life)) {
      throw new PoolTerminatedException("pool '" + poolName + "' has ended");
    }
    return handle;
  }

  @Override
  public List<WorkerInfo> workers() {
    lock.lock();
    try {
      return workers.values().stream().map(InlineWorker::describe).toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void resize(int number) {
    lock.lock();
    try {
      target = number;
      startMissing();
      work.signalAll(); // the surplus ends
    } finally {
      lock.unlock();
    }
  }

  private void startMissing() {
    for (int number = 0; !terminated && !waitsForCall && workers.size() < target; number++) {
      if (!workers.containsKey(number)) {
        InlineWorker worker = new InlineWorker(this, threadName, number);
        workers.put(number, worker);
        worker.start();
      }
    }
  }

  // ---------------------------------------------------------------- the end

  @Override
  public void shutdown() {
    lock.lock();
    try {
      shutdown = true;
      endIfIdle();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void terminate() {
    List<InlineCall<?, ?>> unfinished;
    lock.lock();
    try {
      if (terminated) {
        return;
      }
      terminated = true;
      terminatedNanos = System.nanoTime();
      unfinished = new ArrayList<>(calls.values());
      calls.clear();
      turns.clear();
      for (InlineCall<?, ?> call : unfinished) {
        call.space.signalAll();
        if (call.feeder != null) {
          call.feeder.interrupt();
        }
      }
    } finally {
      lock.unlock();
    }
    // before the interrupts: what the tasks make of those is no outcome any more
    unfinished.forEach(call -> call.submission.abort(terminatedException()));
    unfinished.forEach(call -> call.uses.end());
    lock.lock();
    try {
      workers.values().stream()
          .filter(worker -> worker.run != null)
          .forEach(
              worker -> {
                worker.run.isOver = true;
                worker.thread().interrupt();
              });
      endIfIdle();
    } finally {
      lock.unlock();
    }
  }

  private PoolTerminatedException terminatedException() {
    return new PoolTerminatedException(
        "pool '" + poolName + "' was terminated before the call had finished");
  }

  /** Wakes whoever ends now that no call is left. */
  private void endIfIdle() {
    if ((shutdown || terminated) && calls.isEmpty()) {
      work.signalAll();
      if (workers.isEmpty() || terminated) {
        watchdog.shutdownNow();
      }
      if (workers.isEmpty()) {
        shared.end();
      }
      change.signalAll();
    }
  }

  private boolean isGone() {
    return (shutdown || terminated) && calls.isEmpty() && workers.isEmpty();
  }

  @Override
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + Nanos.of(timeout);
    lock.lockInterruptibly();
    try {
      while (!isGone()) {
        long left = deadline - System.nanoTime();
        if (terminated) {
          long grace = terminatedNanos + Nanos.of(GRACE) - System.nanoTime();
          if (grace <= 0) {
            workers.clear(); // deaf to the interrupt: left to themselves
            endIfIdle();
            return true;
          }
          left = Math.min(left, grace);
        }
        if (deadline - System.nanoTime() <= 0) {
          return false;
        }
        change.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
