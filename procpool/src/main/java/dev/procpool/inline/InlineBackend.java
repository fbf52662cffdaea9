package dev.procpool.inline;

import dev.procpool.PoolTerminatedException;
import dev.procpool.Shared;
import dev.procpool.WorkerInfo;
import dev.procpool.call.SharedValues;
import dev.procpool.items.PullThread;
import dev.procpool.sharing.SharedLife;
import dev.procpool.spi.Backend;
import dev.procpool.spi.BackendStats;
import dev.procpool.spi.Nanos;
import dev.procpool.spi.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks on threads of this JVM.
 *
 * <p>Threads: one feeder a call pulls and encodes its items; the {@link InlineWorkers} take turns
 * among the calls, an item at a time; one watchdog interrupts at time limits and starts items again
 * ({@link InlineRuns}). {@code lock} guards all state of the backend, its calls, workers and runs.
 * User code, and reports, run without it.
 */
final class InlineBackend implements Backend {

  private final String poolName;
  private final String threadName;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private final InlineNews news;
  private final InlineWorkers workers;
  private final InlineRuns runs;
  private final SharedValues shared = new SharedValues();

  // ---- guarded by lock

  private final Map<Submission<?, ?>, InlineCall<?, ?>> calls = new IdentityHashMap<>();
  private boolean shutdown;
  private boolean terminated;
  private long terminatedNanos;

  InlineBackend(String poolName, int number, InlineNews news) {
    this.poolName = poolName;
    this.news = news;
    threadName = "procpool-" + poolName;
    workers = new InlineWorkers(this, news, threadName, lock);
    runs = new InlineRuns(this, lock, workers, news, threadName + "-watchdog");
    resize(number);
  }

  // ---------------------------------------------------------------- calls

  @Override
  public void submit(Submission<?, ?> submission) {
    submit(new InlineCall<>(submission, lock.newCondition()));
  }

  private void submit(InlineCall<?, ?> call) {
    InlineFeed<?> feed = new InlineFeed<>(this, call);
    boolean isImmediate = call.submission.isImmediate();
    PullThread feeder = isImmediate ? null : new PullThread(poolName, feed);
    boolean refused;
    lock.lock();
    try {
      refused = terminated;
      if (!refused) {
        workers.use();
        calls.put(call.submission, call);
        call.items.pulledBy(feeder);
      }
    } finally {
      lock.unlock();
    }
    if (refused) {
      call.submission.abort(terminatedException());
      return;
    }
    encodeTask(call);
    if (feeder == null) {
      feed.run();
    } else {
      feeder.startOr(() -> fed(call));
    }
  }

  private void encodeTask(InlineCall<?, ?> call) {
    boolean done = false;
    try {
      call.encodeTask();
      done = true;
    } finally {
      if (!done) { // no memory left
        fed(call);
      }
    }
  }

  /** No more items of a call come. */
  void fed(InlineCall<?, ?> call) {
    lock.lock();
    try {
      call.items.pulled();
      endIfOver(call);
    } finally {
      lock.unlock();
    }
  }

  /** Has an item wait for its turn, once there is room: false if its call was stopped. */
  boolean enqueue(InlineCall<?, ?> call, InlineItem item) {
    lock.lock();
    try {
      boolean hasRoom = call.items.awaitRoom();
      if (hasRoom) {
        workers.add(call, item);
      }
      return hasRoom;
    } finally {
      lock.unlock();
    }
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
      call.items.reporting(); // it is not over before the items that are left are settled
      workers.remove(call);
      removed = call.stop();
      if (interruptRunning) {
        call.items.running().forEach(run -> runs.stop(run, InlineRun.Stop.CANCELLED));
      }
    } finally {
      lock.unlock();
    }
    for (InlineItem item : removed) {
      call.submission.settled(item.last().cancelled());
    }
    reported(call);
  }

  /** An outcome that was due has been reported, or is due no more. */
  void reported(InlineCall<?, ?> call) {
    lock.lock();
    try {
      call.items.reported();
      endIfOver(call);
    } finally {
      lock.unlock();
    }
  }

  private void endIfOver(InlineCall<?, ?> call) {
    if (call.items.isOver() && calls.remove(call.submission) != null) {
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
      runs.perform(run);
    }
    return run != null;
  }

  private @Nullable InlineRun<?> next(InlineWorker worker) {
    lock.lock();
    try {
      return workers.next(worker);
    } finally {
      lock.unlock();
    }
  }

  /** A worker has ended; called with the lock, as {@link #isDone} is. */
  void workerGone() {
    endIfIdle();
  }

  /** Whether no call is left, and none comes. */
  boolean isDone() {
    return (shutdown || terminated) && calls.isEmpty();
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
  public void resize(int number) {
    lock.lock();
    try {
      workers.resize(number);
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- values

  @Override
  public <T> Shared<T> share(T value) {
    SharedLife life = InlineShared.life();
    InlineShared<T> handle = InlineShared.of(value, life);
    if (!shared.keep(handle, life)) {
      throw new PoolTerminatedException("pool '" + poolName + "' has ended");
    }
    return handle;
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
      unfinished.forEach(call -> call.attempts.stop()); // none is told of that does not come
      calls.clear();
      workers.close();
    } finally {
      lock.unlock();
    }
    // before the interrupts: what tasks and sources make of those is no outcome any more
    unfinished.forEach(call -> call.submission.abort(terminatedException()));
    unfinished.forEach(call -> call.uses.end());
    lock.lock();
    try {
      unfinished.forEach(InlineCall::stop);
      workers.interrupt();
      endIfIdle();
    } finally {
      lock.unlock();
    }
  }

  private PoolTerminatedException terminatedException() {
    return new PoolTerminatedException("pool '" + poolName + "' was terminated");
  }

  /** Wakes whoever ends now that no call is left. */
  private void endIfIdle() {
    if (isDone()) {
      workers.wakeAll();
      if (workers.isEmpty() || terminated) {
        runs.close();
      }
      if (workers.isEmpty()) {
        shared.end();
        news.terminated();
      }
      change.signalAll();
    }
  }

  @Override
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + Nanos.of(timeout);
    lock.lockInterruptibly();
    try {
      while (!isDone() || !workers.isEmpty()) {
        long left = deadline - System.nanoTime();
        if (terminated) {
          long grace = terminatedNanos + Nanos.of(InlineRuns.GRACE) - System.nanoTime();
          if (grace <= 0) {
            workers.abandonAll(); // deaf to the interrupt
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
