package dev.procpool.call;

import dev.procpool.Outcome;
import dev.procpool.TaskOptions;
import dev.procpool.TaskSerializationException;
import dev.procpool.function.Task1;
import dev.procpool.spi.ItemRun;
import dev.procpool.spi.ValueBatch;
import dev.procpool.spi.WorkerName;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An {@code apply} or {@code map} call: keeps every outcome until the result is dropped.
 *
 * <p>Two things happen once each, in either order only when the call is cancelled: it completes
 * ({@code get()} answers) and it ends (every item has its outcome). A report costs one lock
 * section; it wakes somebody only if it is the last, or if an {@code onOutcome} callback has
 * nothing else to do.
 *
 * @param <T> the type of the items
 * @param <R> the type of the results
 */
final class TableCall<T, R> extends PoolCall<T, R> {

  private final Waiters waiters;

  // ---- guarded by lock; read without it once the call has ended

  private final OutcomeTable<R> table;

  /** The number of items as far as it is known; -1 if it is not. */
  private long total;

  /** What ended the items that have no outcome of their own; null if nothing did. */
  private @Nullable Throwable abortCause;

  /** What the source threw; items that it had announced and did not give fail with it. */
  private @Nullable Throwable sourceError;

  // ---- guarded by lock

  /** Null while nobody is told of each outcome. */
  private @Nullable OutcomeFeeds<R> feeds;

  TableCall(
      PoolLife life,
      Task1<? super T, ? extends R> task,
      TaskOptions options,
      ItemSource<T> source,
      boolean immediate) {
    super(life, task, options, source, immediate);
    waiters = new Waiters(this, life.callbacks());
    total = source.size();
    table = new OutcomeTable<>(total);
  }

  // ---------------------------------------------------------------- reports

  @Override
  public void succeeded(
      long index, R value, int attempts, long nanos, WorkerName worker, long bytes, ItemRun run) {
    boolean last;
    lock.lock();
    try {
      if (isEnded() || !table.putSuccess(index, value, attempts, nanos, worker)) {
        return;
      }
      news.tellSuccess(index, attempts, nanos, run);
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
      WorkerName worker,
      ItemRun run) {
    boolean last;
    lock.lock();
    try {
      if (isEnded()) {
        return;
      }
      int count = values.size();
      BitSet old = table.putSuccesses(indexes, values, attempts, nanos, worker);
      for (int i = 0; feeds != null && i < count; i++) {
        if (old == null || !old.get(i)) {
          feeds.add(indexes[i]);
        }
      }
      countReports(old == null ? count : count - old.cardinality());
      last = endIfComplete();
      news.tellSuccesses(indexes, nanos, count, old, attempts, run);
    } finally {
      lock.unlock();
    }
    if (last) {
      finish();
    }
  }

  @Override
  public void settled(Outcome<R> outcome, ItemRun run) {
    boolean last;
    lock.lock();
    try {
      if (isEnded() || !table.put(outcome)) {
        return;
      }
      news.tell(outcome, run);
      last = arrived(outcome.index());
    } finally {
      lock.unlock();
    }
    if (last) {
      finish();
    }
  }

  private boolean arrived(long index) {
    countReports(1);
    if (feeds != null) {
      feeds.add(index);
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
        if (feeds != null) {
          feeds.addMissing(table, closedAt());
        }
        if (!wasClosed) {
          endUntaken(cause);
        }
      } else if (waiters.isEnded()) {
        return;
      } // else whoever has ended it is about to finish, or has run out of memory
    } finally {
      lock.unlock();
    }
    finish();
  }

  @Override
  void sourceEnded(@Nullable Throwable error) {
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
  private void endUntaken(@Nullable Throwable cause) {
    if (closedAt() < total) {
      news.countUnreported(cause, total - closedAt());
      news.tellUnreported(cause, closedAt(), total);
      if (feeds != null) {
        feeds.add(closedAt(), total);
      }
    }
  }

  /** Items that were taken and have no outcome end with the call. */
  private void endMissing(Throwable cause) {
    news.countUnreported(cause, closedAt() - reported());
    if (news.tellsItems()) {
      for (long index = 0; index < closedAt(); index++) {
        long from = index;
        while (index < closedAt() && !table.contains(index)) {
          index++;
        }
        news.tellUnreported(cause, from, index);
      }
    }
  }

  /**
   * Completes the result after the call has ended, then leaves the pool. Does nothing twice; so it
   * can be called again if there was no memory.
   */
  private void finish() {
    if (waiters.completion() == null) {
      waiters.complete(Completion.of(table, total, abortCause, sourceError));
    }
    try {
      waiters.releaseCallbacks();
      waiters.end();
    } finally {
      leavePool();
    }
  }

  // ---------------------------------------------------------------- completion

  boolean cancel(boolean interruptRunning) {
    CancellationException cause = new CancellationException(this + " was cancelled");
    boolean last = false;
    lock.lock();
    try {
      if (waiters.completion() != null || isEnded()) {
        return false;
      }
      if (closeSource()) {
        total = Math.max(total, closedAt());
        abortCause = cause;
        endUntaken(cause);
        last = endIfComplete();
      }
      waiters.complete(Completion.cancelled(cause));
    } finally {
      lock.unlock();
    }
    waiters.releaseCallbacks();
    cancelInBackend(interruptRunning);
    if (last) {
      finish();
    }
    return true;
  }

  /** Cancels the call, from a thread that must not wait for workers. */
  void cancelSoon() {
    waiters.addSeparately(() -> cancel(true));
  }

  /**
   * What of a call of one item could not be serialized, so that the item was never sent; null if it
   * was.
   */
  @Nullable TaskSerializationException refusal() {
    Outcome<R> outcome = waiters.completion() == null || !isEnded() ? null : table.get(0);
    return outcome instanceof Outcome.Failure<R> failure
            && failure.attempts() == 0
            && failure.error() instanceof TaskSerializationException refused
        ? refused
        : null;
  }

  /** Who waits for it. */
  Waiters waiters() {
    return waiters;
  }

  void onOutcome(Consumer<? super Outcome<R>> callback) {
    lock.lock();
    try {
      if (feeds == null) {
        feeds = new OutcomeFeeds<>(waiters.lane());
        waiters.putLastFirst();
      }
      feeds.open(this, callback, Math.max(total, taken()));
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
  @Nullable Outcome<R> outcomeNow(long index) {
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

  /** Tells whether an item has an outcome. As {@link #outcomeNow}, but makes none. */
  boolean hasOutcome(long index) {
    return table.contains(index) || outcomeNow(index) != null;
  }

  private boolean awaitEnd(Deadline deadline) throws InterruptedException {
    boolean sizeKnown = total().isPresent();
    boolean isOver = waiters.awaitEnd(deadline);
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
    return OutcomeList.soFar(this, known);
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
