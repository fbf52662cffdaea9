package dev.procpool.job;

import dev.procpool.Outcome;
import dev.procpool.TaskOptions;
import dev.procpool.TaskSerializationException;
import dev.procpool.function.Task1;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.ValueBatch;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * The job of an {@code apply} or {@code map} call: keeps every outcome until the result is dropped.
 *
 * <p>Two things happen once each, in either order only when the call is cancelled: it completes
 * ({@code get()} answers) and it ends (every item has its outcome). A report costs one lock
 * section; it wakes somebody only if it is the last, or if an {@code onOutcome} callback has
 * nothing else to do.
 *
 * @param <T> the type of the items
 * @param <R> the type of the results
 */
final class TableJob<T, R> extends Job<T, R> {

  private final CallbackThreads threads;
  private final CallbackLane lane;
  private final CountDownLatch completed = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile Completion completion;

  // ---- guarded by lock; read without it once the job has ended

  private final OutcomeTable<R> table;

  /** The number of items as far as it is known; -1 if it is not. */
  private long total;

  /** What ended the items that have no outcome of their own; null if nothing did. */
  private Throwable abortCause;

  /** What the source threw; items that it had announced and did not give fail with it. */
  private Throwable sourceError;

  // ---- guarded by lock

  private final List<OutcomeFeed<R>> feeds = new ArrayList<>(0);

  /** Callbacks that wait for completion, then for the last outcome if there are feeds. */
  private List<Runnable> callbacks = new ArrayList<>(2);

  /** Futures that wait for completion. */
  private List<Runnable> futures = new ArrayList<>(0);

  TableJob(
      PoolLife life,
      Task1<? super T, ? extends R> task,
      TaskOptions options,
      ItemSource<T> source,
      boolean immediate) {
    super(life, task, options, source, immediate);
    threads = life.callbacks();
    lane = new CallbackLane(threads);
    total = source.size();
    table = new OutcomeTable<>(total);
  }

  // ---------------------------------------------------------------- reports

  @Override
  public void succeeded(long index, R value, int attempts, long nanos, WorkerName worker) {
    succeeded(index, value, attempts, nanos, worker, 0, ItemRun.UNKNOWN);
  }

  @Override
  public void succeeded(
      long index, R value, int attempts, long nanos, WorkerName worker, long bytes, ItemRun run) {
    boolean last;
    lock.lock();
    try {
      if (isEnded() || !table.putSuccess(index, value, attempts, nanos, worker)) {
        return;
      }
      tellSuccess(index, attempts, nanos, run);
      last = arrived(index);
    } finally {
      lock.unlock();
    }
    if (last) {
      finish();
    }
  }

  @Override
  public void succeeded(
      long[] indexes,
      ValueBatch<? extends R> values,
      int attempts,
      long[] nanos,
      WorkerName worker) {
    succeeded(indexes, values, attempts, nanos, worker, ItemRun.UNKNOWN);
  }

  @Override
  public void succeeded(
      long[] indexes,
      ValueBatch<? extends R> values,
      int attempts,
      long[] nanos,
      WorkerName worker,
      ItemRun run) {
    boolean last = false;
    BitSet old = null;
    lock.lock();
    try {
      if (isEnded()) {
        return;
      }
      for (int i = 0; i < values.size(); i++) {
        byte type = values.primitive(i);
        boolean isNew =
            type == Primitive.NO_PRIMITIVE
                ? table.putSuccess(indexes[i], values.value(i), attempts, nanos[i], worker)
                : table.putPrimitive(indexes[i], type, values.bits(i), attempts, nanos[i], worker);
        if (isNew) {
          last |= arrived(indexes[i]);
        } else {
          old = old == null ? new BitSet() : old;
          old.set(i);
        }
      }
      tellSuccesses(indexes, nanos, values.size(), old, attempts, run);
    } finally {
      lock.unlock();
    }
    if (last) {
      finish();
    }
  }

  @Override
  public void settled(Outcome<R> outcome) {
    settled(outcome, ItemRun.UNKNOWN);
  }

  @Override
  public void settled(Outcome<R> outcome, ItemRun run) {
    boolean last;
    lock.lock();
    try {
      if (isEnded() || !table.put(outcome)) {
        return;
      }
      tell(outcome, run);
      last = arrived(outcome.index());
    } finally {
      lock.unlock();
    }
    if (last) {
      finish();
    }
  }

  private boolean arrived(long index) {
    countReport();
    for (int i = 0; i < feeds.size(); i++) { // no iterator on this path
      feeds.get(i).add(index, lane);
    }
    return endIfComplete();
  }

  @Override
  public void abort(Throwable cause) {
    end(cause, false);
  }

  @Override
  public void drop(Throwable cause) {
    end(cause, true);
  }

  /**
   * Ends the call with items that have no outcome.
   *
   * @param drops whether the outcomes that have come are let go
   */
  private void end(Throwable cause, boolean drops) {
    lock.lock();
    try {
      boolean wasClosed = isClosed();
      if (endNow()) {
        if (abortCause == null) {
          abortCause = cause;
        }
        if (!wasClosed) {
          total = Math.max(total, closedAt());
        }
        endMissing(cause);
        if (drops) {
          table.clear();
        }
        feedMissing();
        if (!wasClosed) {
          endUntaken(cause);
        }
      } else if (ended.getCount() == 0) {
        return;
      } // else whoever has ended it is about to finish, or has run out of memory
    } finally {
      lock.unlock();
    }
    finish();
  }

  @Override
  void sourceEnded(Throwable error) {
    boolean last;
    lock.lock();
    try {
      if (!closeSource()) {
        return;
      }
      sourceError = error;
      total = error == null ? closedAt() : Math.max(total, closedAt());
      endUntaken(error);
      last = endIfComplete();
    } finally {
      lock.unlock();
    }
    if (last) {
      finish();
    }
  }

  /** Items that were announced and were never taken end with the call. */
  private void endUntaken(Throwable cause) {
    if (closedAt() < total) {
      countUnreported(cause, total - closedAt());
      tellUnreported(cause, closedAt(), total);
      feed(closedAt(), total);
    }
  }

  /** Items that were taken and have no outcome end with the call. */
  private void endMissing(Throwable cause) {
    countUnreported(cause, closedAt() - reported());
    if (tellsItems()) {
      for (long index = 0; index < closedAt(); index++) {
        long from = index;
        while (index < closedAt() && !table.contains(index)) {
          index++;
        }
        tellUnreported(cause, from, index);
      }
    }
  }

  private void feedMissing() {
    for (long index = 0; !feeds.isEmpty() && index < closedAt(); index++) {
      if (!table.contains(index)) {
        feed(index, index + 1);
      }
    }
  }

  private void feed(long from, long to) {
    for (OutcomeFeed<R> feed : feeds) {
      for (long index = from; index < to; index++) {
        feed.add(index, lane);
      }
    }
  }

  /**
   * Completes the result after the job has ended, then leaves the pool. Does nothing twice; so it
   * can be called again if there was no memory.
   */
  private void finish() {
    if (completion == null) {
      complete(outcomeOfAll());
    }
    try {
      releaseCallbacks();
    } finally {
      ended.countDown();
      leavePool();
    }
  }

  private Completion outcomeOfAll() {
    if (abortCause instanceof CancellationException cancellation) {
      return Completion.cancelled(cancellation);
    }
    long first = table.firstFailure();
    if (abortCause != null && firstMissing() < first) {
      return Completion.failed(abortCause);
    }
    if (first != Long.MAX_VALUE) {
      Outcome<R> outcome = table.get(first);
      Throwable failure = outcome.failure().orElseThrow();
      return new Completion(failure, outcome instanceof Outcome.Cancelled);
    }
    Throwable end = sourceError != null ? sourceError : abortCause;
    return end == null ? Completion.SUCCESS : Completion.failed(end);
  }

  private long firstMissing() {
    long index = 0;
    while (index < total && table.contains(index)) {
      index++;
    }
    return index;
  }

  // ---------------------------------------------------------------- completion

  /** Completes the result if it is not: true if this call did. */
  private boolean complete(Completion how) {
    List<Runnable> waiting;
    lock.lock();
    try {
      if (completion != null) {
        return false;
      }
      completion = how;
      waiting = futures;
      futures = null;
    } finally {
      lock.unlock();
    }
    completed.countDown();
    for (Runnable future : waiting) {
      new CallbackLane(threads).add(future);
    }
    return true;
  }

  private void releaseCallbacks() {
    List<Runnable> waiting;
    lock.lock();
    try {
      if (callbacks == null || (!feeds.isEmpty() && !isEnded())) {
        return;
      }
      waiting = callbacks;
      callbacks = null;
    } finally {
      lock.unlock();
    }
    waiting.forEach(lane::add);
  }

  boolean cancel(boolean interruptRunning) {
    CancellationException cause = new CancellationException(this + " was cancelled");
    boolean last = false;
    lock.lock();
    try {
      if (completion != null || isEnded()) {
        return false;
      }
      if (closeSource()) {
        total = Math.max(total, closedAt());
        abortCause = cause;
        endUntaken(cause);
        last = endIfComplete();
      }
      complete(Completion.cancelled(cause));
    } finally {
      lock.unlock();
    }
    releaseCallbacks();
    cancelInBackend(interruptRunning);
    if (last) {
      finish();
    }
    return true;
  }

  /** Cancels the call, from a thread that must not wait for workers. */
  void cancelSoon() {
    new CallbackLane(threads).add(() -> cancel(true));
  }

  /**
   * What of a call of one item could not be serialized, so that the item was never sent; null if it
   * was.
   */
  TaskSerializationException refusal() {
    Outcome<R> outcome = completion == null || !isEnded() ? null : table.get(0);
    return outcome instanceof Outcome.Failure<R> failure
            && failure.attempts() == 0
            && failure.error() instanceof TaskSerializationException refused
        ? refused
        : null;
  }

  /** How the call completed; null while it has not. */
  Completion completion() {
    return completion;
  }

  Completion awaitCompletion() throws InterruptedException {
    if (completion == null) {
      helpBackend(() -> completion != null);
    }
    Patience.await(completed, Deadline.NEVER, this);
    return completion;
  }

  /** Waits for completion: null if it did not come in time. */
  Completion awaitCompletion(Duration timeout) throws InterruptedException {
    Patience.await(completed, Deadline.after(timeout), this);
    return completion;
  }

  /** Runs a callback in the result's lane once it is complete. */
  void whenComplete(Runnable callback) {
    lock.lock();
    try {
      if (callbacks != null && (completion == null || (!feeds.isEmpty() && !isEnded()))) {
        callbacks.add(callback);
        return;
      }
    } finally {
      lock.unlock();
    }
    lane.add(callback);
  }

  /** Completes a future: now if the result is complete, else in a lane of its own once it is. */
  void completeLater(Runnable future) {
    lock.lock();
    try {
      if (futures != null) {
        futures.add(future);
        return;
      }
    } finally {
      lock.unlock();
    }
    future.run();
  }

  void onOutcome(Consumer<? super Outcome<R>> callback) {
    OutcomeFeed<R> feed = new OutcomeFeed<>(this, callback);
    lock.lock();
    try {
      feeds.add(feed);
      long known = Math.max(total, taken());
      for (long index = 0; index < known; index++) {
        if (table.contains(index) || outcomeNow(index) != null) {
          feed.add(index, lane);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- outcomes

  /** The value of an item of a call that succeeded. */
  R value(long index) {
    return table.value(index);
  }

  /** The number of values of a call that succeeded. */
  long size() {
    return total;
  }

  /** The outcome of an item; null if it has none yet. Under the lock, or after the end. */
  Outcome<R> outcomeNow(long index) {
    Outcome<R> outcome = table.get(index);
    boolean isOut = index < closedAt();
    Throwable cause = sourceError != null && !isOut ? sourceError : abortCause;
    if (outcome != null || cause == null || (isOut && !isEnded())) {
      return outcome;
    }
    return cause instanceof CancellationException && cause == abortCause
        ? new Outcome.Cancelled<>(index, 0, Duration.ZERO, 0)
        : new Outcome.Failure<>(index, 0, Duration.ZERO, 0, cause);
  }

  private boolean awaitEnd(Deadline deadline) throws InterruptedException {
    boolean sizeKnown = total().isPresent();
    boolean isOver = Patience.await(ended, deadline, this);
    if (isOver && !sizeKnown) { // else each item has an outcome that tells
      throwIfNever();
    }
    return isOver;
  }

  List<Outcome<R>> outcomes() throws InterruptedException {
    awaitEnd(Deadline.NEVER);
    return new OutcomeList<>(this, Math.toIntExact(total));
  }

  List<Outcome<R>> outcomes(Duration timeout) throws InterruptedException {
    if (awaitEnd(Deadline.after(timeout))) {
      return outcomes();
    }
    long known;
    lock.lock();
    try {
      known = total >= 0 ? total : taken();
    } finally {
      lock.unlock();
    }
    List<Outcome<R>> snapshot = new ArrayList<>(Math.toIntExact(known));
    for (long from = 0; from < known; from += OutcomeTable.SEGMENT) {
      lock.lock(); // a piece at a time, so that reports get in between
      try {
        for (long i = from; i < Math.min(known, from + OutcomeTable.SEGMENT); i++) {
          Outcome<R> outcome = outcomeNow(i);
          snapshot.add(outcome == null ? new Outcome.Pending<>(i) : outcome);
        }
      } finally {
        lock.unlock();
      }
    }
    return List.copyOf(snapshot);
  }

  long completedItems() {
    lock.lock();
    try {
      if (isEnded()) {
        return total;
      }
      return reported() + (isClosed() ? total - closedAt() : 0);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public OptionalLong items() {
    return total();
  }

  OptionalLong total() {
    lock.lock();
    try {
      return total < 0 ? OptionalLong.empty() : OptionalLong.of(total);
    } finally {
      lock.unlock();
    }
  }
}
